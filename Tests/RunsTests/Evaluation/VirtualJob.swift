import Foundation
import Runs

/// Repeatable chance: SplitMix64.
struct Chance: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func between(_ low: Double, _ high: Double) -> Double {
        low + (high - low) * Double(next() >> 11) * 0x1p-53
    }
    mutating func happens(_ probability: Double) -> Bool { between(0, 1) < probability }

    mutating func normal() -> Double {
        (-2 * log(max(between(0, 1), 1e-12))).squareRoot() * cos(2 * .pi * between(0, 1))
    }
}

/// A job over virtual months: what starts it, how long its runs take and wait, and what is done to it.
struct VirtualJob {
    enum Starts {
        /// By a Quartz expression that the service knows.
        case schedule(String, zone: String)
        /// By an expression that nobody tells us.
        case unknown(String, zone: String)
        /// By hand, about so many seconds apart, whenever somebody likes.
        case byHand(Double)
    }

    let name: String
    var starts: Starts
    /// Median duration in seconds, and the deviation of the logarithm.
    var duration = 900.0
    var spread = 0.15
    /// The factor by which the duration changes with every run.
    var drift = 1.0
    /// A factor for all runs of the second half.
    var step = 1.0
    var wait = 20.0
    var waitSpread = 0.6
    var failures = 0.03
    /// Whether somebody starts a failed run again.
    var isRetried = false
    /// No runs on holidays.
    var restsOnHolidays = false
    /// Whether runs wait for the end of a weekly maintenance.
    var isMaintained = false
    /// Whether its schedule is paused for good in the last third.
    var isPaused = false
    /// The day of the first run.
    var firstDay = 0.0
    var days = 100.0
    var faults: [Fault.Kind] = [.slow, .stuckRunning, .stuckWaiting, .missed, .flapping]
}

/// Something done to a job, which must be called.
struct Fault {
    enum Kind: CaseIterable { case slow, stuckRunning, stuckWaiting, missed, flapping }

    let kind: Kind
    let verdict: Verdict.Kind
    let begin: Date
    /// From then on a careful person could know.
    var known: Date
    var end: Date
}

/// What became of a virtual job: all its runs as they ended, and what was done to it.
struct VirtualMonths {
    /// Sunday, 1 February 2026, so that the clocks change in America on day 35 and in Europe on day 56.
    static let begin = Date(timeIntervalSince1970: 1_769_904_000)
    /// Good Friday, Easter Monday, and the first of May, in days since the beginning.
    static let holidays: Set<Int> = [61, 64, 89]

    let job: VirtualJob
    private(set) var runs: [PastRun] = []
    private(set) var faults: [Fault] = []
    /// When something was done that is hardly beyond what is usual: calling it is neither right nor wrong.
    private(set) var doubtful: [ClosedRange<Date>] = []
    private var chance: Chance
    private var logs: [Double] = []
    private var number = 0

    init(_ job: VirtualJob, seed: UInt64) {
        self.job = job
        chance = Chance(seed: seed)
        play()
    }

    var end: Date { Self.begin.addingTimeInterval(job.days * 86_400) }

    private mutating func play() {
        let dues = dues()
        // A fault of each kind in turn, far enough apart.
        var next = max(dues.count / 3, 12)
        var kinds = job.faults.shuffled(using: &chance)
        var busyUntil = Date.distantPast
        var index = 0
        while index < dues.count {
            let due = dues[index]
            if due < busyUntil {
                // An earlier run is still active: the service skips this one.
                add(.skipped, created: due, started: nil, ended: due, launch: launch)
                index += 1
                continue
            }
            if index >= next, let kind = kinds.first, index + 24 < dues.count {
                if kind == .missed, !canMiss(index, of: dues) {
                    index = playUsual(due, index: index, of: dues, busyUntil: &busyUntil)
                    continue
                }
                kinds.removeFirst()
                index = play(kind, at: index, of: dues, busyUntil: &busyUntil)
                let pause = max(Double(dues.count) / Double(job.faults.count) / 3, 8)
                next = index + Int(chance.between(0.7, 1.3) * pause)
                if kinds.isEmpty, dues.count > 300 { kinds = job.faults.shuffled(using: &chance) }
                continue
            }
            index = playUsual(due, index: index, of: dues, busyUntil: &busyUntil)
        }
    }

    /// Of a job that rests on some days nobody can tell a missing day from a holiday.
    private func canMiss(_ index: Int, of dues: [Date]) -> Bool {
        guard case .unknown = job.starts, job.restsOnHolidays else { return true }
        let gap = dues[index].timeIntervalSince(dues[index - 1])
        return gap < 7_200 && dues[index + 1].timeIntervalSince(dues[index]) < 7_200
    }

    private mutating func playUsual(_ due: Date, index: Int, of dues: [Date], busyUntil: inout Date) -> Int {
        let failed = chance.happens(job.failures)
        busyUntil = run(due, failing: failed)
        if failed, job.isRetried, chance.happens(0.8) {
            let again = busyUntil.addingTimeInterval(chance.between(60, 600))
            busyUntil = run(again, failing: chance.happens(0.2), byHand: true)
        }
        return index + 1
    }

    private mutating func play(_ kind: Fault.Kind, at index: Int, of dues: [Date], busyUntil: inout Date) -> Int {
        let due = dues[index]
        switch kind {
        case .slow:
            let factor = chance.between(2, 4)
            let limit = carefulLimit
            let key = "run-\(number)"
            busyUntil = run(due, failing: false, factor: factor)
            guard let run = runs.last(where: { $0.key == key }), let started = run.started, let ended = run.ended else {
                return index + 1
            }
            guard let limit, ended.timeIntervalSince(started) > limit + 30 else {
                doubtful.append(started...ended)
                return index + 1
            }
            faults.append(
                Fault(kind: kind, verdict: .slow, begin: started, known: started.addingTimeInterval(limit), end: ended))
            return index + 1
        case .stuckRunning:
            let started = due.addingTimeInterval(waited() + 5)
            let usual = exp(logs.suffix(60).reduce(0, +) / Double(max(logs.suffix(60).count, 1)))
            let length = max(usual * chance.between(15, 40), 6 * 3_600)
            let ended = started.addingTimeInterval(length)
            add(.canceled, created: due, started: started, ended: ended, launch: launch)
            busyUntil = ended
            faults.append(
                Fault(
                    kind: kind, verdict: .stuck, begin: started,
                    known: started.addingTimeInterval(max(usual * 7, (carefulLimit ?? 0) * 2, 300) * 1.1), end: ended))
            return index + 1
        case .stuckWaiting:
            let length = max(chance.between(3, 12) * 3_600, job.wait * 12)
            let ended = due.addingTimeInterval(length)
            add(.canceled, created: due, started: nil, ended: ended, launch: launch)
            busyUntil = ended
            faults.append(
                Fault(
                    kind: kind, verdict: .stuck, begin: due,
                    known: due.addingTimeInterval(max(1_800, job.wait * 10)), end: ended))
            return index + 1
        case .missed: return miss(at: index, of: dues)
        case .flapping: return flap(at: index, of: dues, busyUntil: &busyUntil)
        }
    }

    private mutating func miss(at index: Int, of dues: [Date]) -> Int {
        let gap = dues[index].timeIntervalSince(dues[index - 1])
        var count = gap < 7_200 ? Int(chance.between(1, 5)) : 1
        if job.restsOnHolidays { count = 1 }
        let due = dues[index]
        // A person who knows the schedule waits for three minutes, one who does not for longer.
        var patience = max(180, job.wait * 0)
        if case .unknown = job.starts { patience = max(180, min(0.15 * gap, 1_800)) }
        faults.append(
            Fault(
                kind: .missed, verdict: .missed, begin: due, known: due.addingTimeInterval(patience),
                end: dues[index + count]))
        return index + count
    }

    private mutating func flap(at index: Int, of dues: [Date], busyUntil: inout Date) -> Int {
        let length = min(Int(chance.between(10, 20)), dues.count - index - 8)
        var failed = 0
        var isHealed = true
        var known: Date?
        var last = dues[index]
        for place in 0..<length {
            let due = dues[index + place]
            guard due >= busyUntil else { continue }
            let fails = place.isMultiple(of: 2) != chance.happens(0.07)
            busyUntil = run(due, failing: fails)
            last = busyUntil
            if fails, isHealed { failed += 1 }
            isHealed = !fails
            if failed == 5, known == nil, place + 1 < length { known = busyUntil }
        }
        guard let known else {
            doubtful.append(dues[index]...last.addingTimeInterval(1))
            return index + length
        }
        faults.append(
            Fault(
                kind: .flapping, verdict: .flapping, begin: dues[index], known: known, end: last.addingTimeInterval(1)))
        return index + length
    }

    /// What a careful person takes for the upper limit, and a tenth: the mean and three deviations of the logarithm of sixty runs.
    private var carefulLimit: Double? {
        let known = logs.suffix(job.drift == 1 && job.step == 1 ? 60 : 12)
        guard known.count >= 10 else { return nil }
        let mean = known.reduce(0, +) / Double(known.count)
        let variance = known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(known.count - 1)
        return max(exp(mean + 3 * variance.squareRoot()), 60, exp(mean) * 1.5) * 1.1
    }

    private var launch: Launch? {
        switch job.starts {
        case .schedule: .scheduled
        case .unknown: nil
        case .byHand: .manual
        }
    }

    private mutating func waited() -> Double { job.wait * exp(job.waitSpread * chance.normal()) }

    /// Plays a run; gives its end.
    private mutating func run(_ due: Date, failing: Bool, factor: Double = 1, byHand: Bool = false) -> Date {
        let created = due.addingTimeInterval(chance.between(0, 8))
        var started = created.addingTimeInterval(waited())
        if job.isMaintained {
            // Sundays from 01:00 to 03:00.
            let week = created.timeIntervalSince(Self.begin).truncatingRemainder(dividingBy: 7 * 86_400)
            if (3_600..<10_800).contains(week) { started = started.addingTimeInterval(10_800 - week) }
        }
        let isLater = due > Self.begin.addingTimeInterval(job.days * 43_200)
        let usual = job.duration * pow(job.drift, Double(number)) * (isLater ? job.step : 1)
        let duration = usual * exp(job.spread * chance.normal()) * factor
        let ended = started.addingTimeInterval(failing ? duration * chance.between(0.1, 1) : duration)
        if !failing, factor == 1 { logs.append(log(duration)) }
        if isLater, job.step != 1, due < Self.begin.addingTimeInterval(job.days * 43_200 + 5 * 86_400) {
            doubtful.append(started...ended)
        }
        add(
            failing ? .failed : .success, created: created, started: started, ended: ended,
            launch: byHand ? .manual : launch)
        return ended
    }

    private mutating func add(
        _ status: RunStatus, created: Date, started: Date?, ended: Date?, launch: Launch?
    ) {
        var run = PastRun(key: "run-\(number)", status: status)
        (run.created, run.started, run.ended, run.launch) = (created, started, ended, launch)
        runs.append(run)
        number += 1
    }

    private mutating func dues() -> [Date] {
        let first = Self.begin.addingTimeInterval(job.firstDay * 86_400)
        var last = end
        if job.isPaused { last = Self.begin.addingTimeInterval(job.days * 57_600) }
        switch job.starts {
        case .schedule(let text, let zone), .unknown(let text, let zone):
            let fires = QuartzCron(text, timeZoneID: zone)?.fires(after: first, through: last, most: .max) ?? []
            return fires.filter { fire in
                let day = Int(fire.timeIntervalSince(Self.begin) / 86_400)
                return !job.restsOnHolidays || !Self.holidays.contains(day)
            }
        case .byHand(let gap):
            var moment = first
            var moments: [Date] = []
            while moment < last {
                moment = moment.addingTimeInterval(gap * exp(0.9 * chance.normal()) + job.duration * 2)
                moments.append(moment)
            }
            return moments
        }
    }
}
