/// Makes a world's jobs from the families. The first block has one job for each family, the next blocks repeat the
/// families for regions, then for tenants.
enum Catalogue {
    private static let regions = ["emea", "apac", "latam", "dach", "nordics", "uk", "iberia", "anz"]
    private static let names = [
        "Amara Okafor", "Björn Lindqvist", "Chen Wei", "Dolores Ibarra", "Eleni Papadaki", "Farid Haddad", "Grace Kim",
        "Henrik Vos",
    ]

    /// Makes this many jobs; an upstream job is always before the jobs that depend on it.
    static func jobs(count: Int, seed: UInt64, speed: Double, hostile: [String]) -> [Job] {
        var jobs: [Job] = []
        jobs.reserveCapacity(count)
        for index in 0..<max(0, min(count, 1 << 16)) {
            let (block, place) = index.quotientAndRemainder(dividingBy: Family.all.count)
            let family = Family.all[place]
            let upstream = family.upstream
                .flatMap { name in Family.all.firstIndex { $0.name == name } }
                .map { block * Family.all.count + $0 }
            let schedule: Schedule
            if let upstream {
                let above = jobs[upstream].schedule
                schedule = above.later(by: above.length(of: 0).share(0.1))
            } else {
                schedule = Self.schedule(of: family, index: index, block: block, seed: seed, speed: speed)
            }
            jobs.append(
                job(
                    family, index: index, schedule: schedule, upstream: upstream, seed: seed, speed: speed,
                    hostile: hostile))
        }
        return jobs
    }

    /// The team. A person always has the same OCID.
    static func people(seed: UInt64) -> [Person] {
        names.enumerated().map { place, name in
            var dice = Dice(seed: seed, job: place, decision: 10)
            return Person(ocid: "ocid1.user.oc1..aaaaaaaa\(dice.hex(52))", name: name)
        }
    }

    /// Jobs of later blocks run an eighth as often, because most jobs of a large workspace are idle.
    private static func schedule(of family: Family, index: Int, block: Int, seed: UInt64, speed: Double) -> Schedule {
        var dice = Dice(seed: seed, job: index, decision: 11)
        let period = max(1_000, Milliseconds(minutes: family.every * (block == 0 ? 1 : 8), speed: speed))
        let phase = period.share(dice.unit())
        guard family.pattern == .stuck else { return .every(period: period, phase: phase) }
        return .bursts(cycle: period, count: 13, step: max(1, period.share(0.005)), phase: phase)
    }

    private static func job(
        _ family: Family, index: Int, schedule: Schedule, upstream: Int?, seed: UInt64, speed: Double, hostile: [String]
    ) -> Job {
        var dice = Dice(seed: seed, job: index, decision: 12)
        let place = suffix(block: index / Family.all.count)
        let name = hostile.isEmpty ? family.name + place : hostile[index % hostile.count]
        let owners = people(seed: seed)
        return Job(
            index: index,
            key: "\(dice.hex(8))-\(dice.hex(4))-4\(dice.hex(3))-a\(dice.hex(3))-\(index.padded(5))\(dice.hex(7))",
            name: name, path: "/Workspace/\(family.folder)/\(name)", owner: owners[index % owners.count],
            cluster: "cluster-\(family.folder)", schedule: schedule, cron: cron(every: family.every),
            usualDuration: Milliseconds(minutes: family.usual, speed: speed), spread: family.spread,
            pattern: family.pattern,
            upstream: upstream, launch: family.launch, trace: family.trace, tasks: family.shape.plans,
            patternOffset: dice.below(720),
            created: 1_735_689_600_000 + Milliseconds(dice.below(10_000_000)) * 1_000,
            hostileText: hostile.isEmpty ? nil : hostile[(index + 1) % hostile.count])
    }

    private static func suffix(block: Int) -> String {
        if block == 0 { return "" }
        if block <= regions.count { return "_" + regions[block - 1] }
        return "_tenant_" + (block - regions.count).padded(4)
    }

    /// The Quartz expression for an interval in minutes, as the service shows schedules.
    private static func cron(every minutes: Double) -> String {
        let whole = Int(minutes)
        if whole < 60 { return "0 0/\(whole) * * * ?" }
        if whole < 1_440 { return "0 0 0/\(whole / 60) * * ?" }
        return "0 0 4 1/\(whole / 1_440) * ?"
    }
}
