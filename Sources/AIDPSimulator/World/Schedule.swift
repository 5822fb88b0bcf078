/// When a job's runs are due. Time is divided into numbered slots without a beginning, so a slot's number identifies a run
/// and a new world already has a history.
enum Schedule: Sendable {
    /// A slot every `period`, the first one at `phase`.
    case every(period: Milliseconds, phase: Milliseconds)
    /// `count` slots `step` apart at the start of every cycle, the last of them as long as the rest of the cycle: a job
    /// that runs often by day and not by night.
    case bursts(cycle: Milliseconds, count: Int, step: Milliseconds, phase: Milliseconds)

    /// The slot that contains a moment; negative before the first.
    func slot(at moment: Milliseconds) -> Int {
        switch self {
        case .every(let period, let phase):
            return Int((moment - phase).flooredQuotient(by: period))
        case .bursts(let cycle, let count, let step, let phase):
            let number = (moment - phase).flooredQuotient(by: cycle)
            let within = moment - phase - number * cycle
            return Int(number) * count + min(count - 1, Int(within / step))
        }
    }

    /// When a slot begins.
    func start(of slot: Int) -> Milliseconds {
        switch self {
        case .every(let period, let phase):
            return phase + Milliseconds(slot) * period
        case .bursts(let cycle, let count, let step, let phase):
            let number = Milliseconds(slot).flooredQuotient(by: Milliseconds(count))
            let within = Milliseconds(slot) - number * Milliseconds(count)
            return phase + number * cycle + within * step
        }
    }

    /// How long a slot lasts; its runs must fit into it.
    func length(of slot: Int) -> Milliseconds { start(of: slot + 1) - start(of: slot) }

    /// The same slots, each this much later: for a job that depends on another.
    func later(by lag: Milliseconds) -> Schedule {
        switch self {
        case .every(let period, let phase): .every(period: period, phase: phase + lag)
        case .bursts(let cycle, let count, let step, let phase):
            .bursts(cycle: cycle, count: count, step: step, phase: phase + lag)
        }
    }
}

extension Milliseconds {
    /// Division that rounds down on both sides of zero; the divisor is positive.
    func flooredQuotient(by divisor: Milliseconds) -> Milliseconds {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
