/// How many requests a cycle has under way at once: as many as it needs to end in time, judged by how long the answers
/// have taken so far, and no more. So usually one connection serves them all, and a service that answers slowly is asked
/// in parallel.
struct Tempo: Sendable, Equatable {
    /// The time the cycle should take at most; `nil` for as little as possible.
    let target: Duration?
    private var underWay = 0
    private var done = 0
    /// The time that requests have been under way, each counted for itself.
    private var busy: Duration = .zero
    /// Up to when that is counted.
    private var counted: Duration

    init(target: Duration?, began: Duration) {
        self.target = target
        counted = began
    }

    mutating func began(at now: Duration) {
        count(to: now)
        underWay += 1
    }

    mutating func ended(at now: Duration) {
        count(to: now)
        underWay -= 1
        done += 1
    }

    /// From when another request may join those under way, while `waiting` requests are left: from when these would take
    /// longer than the target, if each took as long as the others so far.
    func opening(waiting: Int) -> Duration {
        guard let target, underWay > 0, waiting > 0 else { return counted }
        let tolerated = target * (underWay * max(done, 1)) / (waiting + underWay)
        return counted + max(.zero, tolerated - busy) / underWay
    }

    private mutating func count(to now: Duration) {
        busy += max(.zero, now - counted) * underWay
        counted = max(counted, now)
    }
}
