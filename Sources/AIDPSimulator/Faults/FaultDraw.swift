/// The faults that apply to one request: delays and clock errors are added up; of the others, the first applies.
struct FaultDraw: Sendable, Equatable {
    var delay: Duration = .zero
    var skew: Milliseconds = 0
    /// The first fault that is neither `slow` nor `skew`.
    var decisive: Fault.Effect?

    /// Draws for a request; the same dice give the same draw.
    init(_ faults: [Fault], operation: Operation?, dice: inout Dice) {
        for fault in faults where fault.operation == nil || fault.operation == operation {
            guard fault.probability >= 1 || dice.chance(fault.probability) else { continue }
            switch fault.effect {
            case .slow(let length): delay += length
            case .skew(let length): skew += Milliseconds(length / .milliseconds(1))
            default: decisive = decisive ?? fault.effect
            }
        }
    }
}
