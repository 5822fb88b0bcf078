import Foundation
import JSON
import Testing

@testable import AIDPSimulator

@Suite("The world") struct WorldTests {
    static let seeds: [UInt64] = [1, 2026, .max]
    static let start = Milliseconds(clamping: tuesday)

    private func statuses(_ world: World, at moment: Milliseconds, depth: Int) -> Set<Status> {
        Set(world.jobs.flatMap { world.runs(of: $0, at: moment, limit: depth) }.map(\.status))
    }

    @Test("shows all fifteen statuses within ten minutes, most of them at once", arguments: seeds)
    func allStatuses(seed: UInt64) {
        let world = World(seed: seed, jobCount: 40, speed: 20)
        for offset in stride(from: 0, to: 86_400_000, by: 7_000_003) {
            let start = Self.start + Milliseconds(offset)
            #expect(statuses(world, at: start, depth: 5).count >= 10)
            let seen = (0...40).reduce(into: Set<Status>()) { seen, refresh in
                seen.formUnion(statuses(world, at: start + Milliseconds(refresh) * 15_000, depth: 5))
            }
            #expect(seen == Set(Status.allCases), "from \(start): missing \(Set(Status.allCases).subtracting(seen))")
        }
    }

    @Test("is consistent over a day", arguments: seeds)
    func consistency(seed: UInt64) {
        let world = World(seed: seed, jobCount: 40, speed: 20)
        for moment in stride(from: Self.start, to: Self.start + 86_400_000, by: 1_200_007) {
            for job in world.jobs {
                let runs = world.runs(of: job, at: moment)
                #expect(
                    runs.count >= (job.pattern == .forgetful ? World.history * 3 / 4 : World.history) - 1,
                    "\(job.name) has a past")
                #expect(runs.filter { !$0.status.isTerminal }.count <= 1, "\(job.name) runs once at a time")
                #expect(zip(runs, runs.dropFirst()).allSatisfy { $0.created > $1.created }, "\(job.name): newest first")
                for run in runs {
                    #expect(run.created <= moment)
                    #expect(run.updated <= moment)
                    #expect(run.updated >= run.created)
                    #expect((run.ended != nil) == run.status.isTerminal)
                    #expect((run.ended ?? moment) >= (run.started ?? run.created))
                    #expect((run.ended ?? moment) <= moment)
                    #expect((run.duration ?? 0) >= 0)
                }
            }
        }
    }

    @Test("is the same for the same seed and time, and different for another seed")
    func deterministic() {
        func picture(_ seed: UInt64) -> [UInt8] {
            let world = World(seed: seed, jobCount: 40, speed: 20)
            var writer = JSONWriter()
            writer.array(world.jobs.flatMap { world.runs(of: $0, at: tuesday, limit: 3) }) {
                $0.jobRunSummary($1, in: world)
            }
            return writer.bytes
        }
        #expect(picture(7) == picture(7))
        #expect(picture(7) != picture(8))
    }

    @Test("never changes a run that has ended")
    func pastStands() throws {
        let world = World(seed: 3, jobCount: 40, speed: 20)
        for job in world.jobs {
            for run in world.runs(of: job, at: Self.start, limit: 10) where run.status.isTerminal {
                let later = try #require(world.run(key: world.name(of: run.key), at: Self.start + 30_000))
                #expect(later.status == run.status)
                #expect(later.ended == run.ended)
                #expect(later.created == run.created)
            }
        }
    }

    @Test("has a few changes every fifteen seconds")
    func pace() {
        let world = World(seed: 2026, jobCount: 40, speed: 20)
        func picture(_ moment: Milliseconds) -> Set<String> {
            Set(world.jobs.flatMap { world.runs(of: $0, at: moment, limit: 5) }.map { "\($0.key) \($0.status)" })
        }
        let pictures = (0...240).map { picture(Self.start + Milliseconds($0) * 15_000) }
        let changes = zip(pictures, pictures.dropFirst()).map { $1.subtracting($0).count }
        let mean = Double(changes.reduce(0, +)) / Double(changes.count)
        #expect((3...12).contains(mean), "\(mean) changes a refresh")
    }

    @Test("has a run of each kind: a stuck one, a slowing job, a skipped run after a late one, a cascade")
    func roles() throws {
        let world = World(seed: 2026, jobCount: 40, speed: 20)
        func runs(_ name: String, at moment: Milliseconds = Self.start) throws -> [SimulatedRun] {
            world.runs(of: try #require(world.jobs.first { $0.name == name }), at: moment)
        }
        let stuckFor = try stride(from: Milliseconds(0), to: 86_400_000, by: 3_600_000).compactMap {
            offset -> Milliseconds? in
            let newest = try #require(try runs("rebuild_search_index", at: Self.start + offset).first)
            return newest.status == .running ? newest.duration : nil
        }
        #expect(try #require(stuckFor.max()) > 3_600_000, "some hour finds it running for more than an hour")
        #expect(stuckFor.count > 18, "and most hours find it running")

        let slowing = try runs("train_demand_forecast").filter { $0.status.isTerminal }.compactMap(\.duration)
        let rises = zip(slowing, slowing.dropFirst()).filter { $0 > $1 }.count
        #expect(rises > slowing.count * 4 / 5)

        let overrunning = try runs("bronze_clickstream")
        #expect(overrunning.contains { $0.status == .skipped })

        let parents = try runs("ingest_orders_kafka")
        let children = try runs("bronze_orders")
        let failed = Set(parents.filter { $0.key.number == 0 && $0.status == .failed }.map(\.key.slot))
        let cascaded = Set(children.filter { $0.status == .upstreamFailed }.map(\.key.slot))
        let remembered = cascaded.filter { slot in parents.contains { $0.key.slot == slot } }
        #expect(!remembered.isEmpty)
        #expect(remembered.isSubset(of: failed))
        #expect(try runs("silver_orders").contains { $0.status == .upstreamFailed })
        #expect(
            world.jobs.flatMap { world.runs(of: $0, at: Self.start) }.contains { $0.key.number == 1 }, "retries happen"
        )
    }

    @Test(
        "repeats its families for large workspaces, with separate keys and names",
        arguments: [0, 1, 12, 500, 5_000])
    func scale(count: Int) {
        let world = World(seed: 5, jobCount: count, speed: 20)
        #expect(world.jobs.count == count)
        #expect(Set(world.jobs.map(\.key)).count == count)
        #expect(Set(world.jobs.map(\.name)).count == count)
        #expect(world.jobs.allSatisfy { job in job.upstream.map { $0 < job.index } ?? true })
        let active = world.jobs.filter { world.runs(of: $0, at: tuesday, limit: 1).contains { !$0.status.isTerminal } }
            .count
        if count == 5_000 { #expect((20...1_000).contains(active), "\(active) of 5,000 active: most are at rest") }
    }

    @Test("works at unusual speeds and times", arguments: [0.001, 1, 3_600, 1e9])
    func oddClocks(speed: Double) {
        let world = World(seed: 5, jobCount: 40, speed: speed)
        for date in [
            Date(timeIntervalSince1970: 0), .distantPast, .distantFuture, Date(timeIntervalSince1970: .nan), tuesday,
        ] {
            for job in world.jobs {
                #expect(world.runs(of: job, at: date, limit: 10).count <= 10)
            }
        }
    }

    @Test("changes the status of a run at the exact time of its timeline")
    func changes() throws {
        let timeline = RunTimeline(
            waits: [.init(status: .pending, length: 10), .init(status: .queued, length: 5)], running: 20, canceling: 7,
            outcome: .canceled)
        let attempts = [Attempt(created: 100, timeline: timeline)]
        func run(at moment: Milliseconds) -> SimulatedRun? {
            SimulatedRun(
                key: SimulatedRunKey(job: 0, slot: 0, number: 0), launch: .scheduled, attempts: attempts, at: moment)
        }
        #expect(run(at: 99) == nil)
        let expected: [(Milliseconds, Status, updated: Milliseconds, started: Milliseconds?, ended: Milliseconds?)] = [
            (100, .pending, 100, nil, nil), (109, .pending, 100, nil, nil), (110, .queued, 110, nil, nil),
            (114, .queued, 110, nil, nil), (115, .running, 115, 115, nil), (134, .running, 115, 115, nil),
            (135, .canceling, 135, 115, nil), (141, .canceling, 135, 115, nil), (142, .canceled, 142, 115, 142),
        ]
        for (moment, status, updated, started, ended) in expected {
            let run = try #require(run(at: moment))
            #expect(run.status == status, "\(moment)")
            #expect(run.updated == updated, "\(moment)")
            #expect(run.started == started, "\(moment)")
            #expect(run.ended == ended, "\(moment)")
            #expect(run.duration == started.map { (ended ?? moment) - $0 }, "\(moment)")
        }
    }

    @Test("divides time into slots without gaps or overlaps, before the first slot too")
    func slots() {
        let schedules: [SlotSchedule] = [
            .every(period: 1_000, phase: 300), .bursts(cycle: 10_000, count: 3, step: 500, phase: 700),
        ]
        for schedule in schedules {
            for slot in -7...20 {
                let (start, length) = (schedule.start(of: slot), schedule.length(of: slot))
                #expect(length > 0)
                #expect(schedule.start(of: slot + 1) == start + length)
                #expect(schedule.slot(at: start) == slot)
                #expect(schedule.slot(at: start + length - 1) == slot)
                let later = schedule.later(by: 40)
                #expect(later.start(of: slot) == start + 40)
                #expect(later.length(of: slot) == length)
            }
        }
        #expect(schedules[1].length(of: 0) == 500)
        #expect(schedules[1].length(of: 2) == 9_000)
    }
}

@Suite("A run's key") struct RunKeyTests {
    @Test("is parsed only by the world that created it")
    func roundTrip() {
        var dice = Dice(seed: 1)
        for _ in 0..<1_000 {
            let key = SimulatedRunKey(job: dice.below(1 << 16), slot: dice.below(1 << 44), number: dice.below(16))
            let text = key.text(seed: 9)
            #expect(SimulatedRunKey(text, seed: 9) == key)
            #expect(SimulatedRunKey(text, seed: 10) == nil)
        }
    }

    @Test("rejects anything else", arguments: ["", "nonsense", "12345678-1234-4123-a123-1234567890ab", "é", "-------"])
    func strangers(text: String) {
        #expect(SimulatedRunKey(text, seed: 9) == nil)
        #expect(World(seed: 9, jobCount: 3, speed: 20).run(key: text, at: WorldTests.start) == nil)
    }

    @Test("a slot has a Quartz expression if one exists, and none if it would be wrong")
    func quartzCron() {
        func cron(_ period: Milliseconds, _ phase: Milliseconds) -> String? {
            SlotSchedule.every(period: period * 1_000, phase: phase * 1_000).quartzCron
        }
        #expect(cron(15, 20) == "5/15 * * * * ?")
        #expect(cron(180, 200) == "20 0/3 * * * ?")
        #expect(cron(1_800, 1_000) == "40 16/30 * * * ?")
        #expect(cron(7_200, 3_723) == "3 2 1/2 * * ?")
        #expect(cron(1, 0) == "* * * * * ?")
        #expect(cron(60, 36) == "36 * * * * ?")
        #expect(cron(3_600, 3_723) == "3 2 * * * ?")
        #expect(cron(86_400, 3_723) == "3 2 1 * * ?")
        for period: Milliseconds in [7, 90, 4_320, 18_000, 172_800] { #expect(cron(period, 0) == nil, "\(period)") }
        #expect(SlotSchedule.every(period: 90_500, phase: 0).quartzCron == nil)
        #expect(SlotSchedule.bursts(cycle: 60_000, count: 3, step: 100, phase: 0).quartzCron == nil)
    }
}
