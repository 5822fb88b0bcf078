import AIDP

/// The walk over the pages of one list: which page comes next, and when to stop.
///
/// A token belongs to the very request it came with, so each request has its own walk. A walk stops at the end, when a
/// token comes a second time (the pages would repeat), and after a number of pages that no list should need.
struct PageWalk: Sendable, Equatable {
    enum Step: Sendable, Equatable {
        /// Ask again with this token.
        case next(String)
        /// That was the last page.
        case end
        /// There was more, and it was not asked for; why, for the operator.
        case stopped(String)
    }

    let pageCap: Int
    private var pages = 0
    private var seen: Set<String> = []

    init(pageCap: Int) { self.pageCap = pageCap }

    /// The step after a page that came with this token: absent or empty is the end.
    mutating func step(after token: String?) -> Step {
        pages += 1
        guard let token, !token.isEmpty else { return .end }
        guard seen.insert(token).inserted else {
            return .stopped("the service sent the same page token again, so the rest of the list is unknown")
        }
        guard pages < pageCap else {
            return .stopped("stopped after \(pageCap) pages, so the rest of the list is unknown")
        }
        return .next(token)
    }
}

/// The items of all pages of a list, or why one of the pages failed: then there is no list.
struct Walked<Item: Sendable>: Sendable {
    var items: Result<[Item], ServiceError>
    var flaws = Flaws()
    /// Why the walk stopped before the end, if it did.
    var note: String?
    /// Why items may be missing, if any may: the walk stopped early, or an item had no key to tell whose it is.
    var gap: String?
    var cost = RequestCost(requests: 0, attempts: 0)
}

extension Walked {
    /// Asks for page after page.
    init(
        pageCap: Int, of operation: String,
        fetch: (_ page: String?) async throws(ServiceError) -> Page<Item>
    ) async {
        self.init(items: .success([]))
        var walk = PageWalk(pageCap: pageCap)
        var items: [Item] = []
        var token: String?
        var isWalking = true
        while isWalking {
            cost.requests += 1
            do throws(ServiceError) {
                let page = try await fetch(token)
                cost.attempts += max(1, page.attempts)
                items += page.items
                for flaw in page.flaws { flaws.add(1, flaw.reason) }
                if page.flaws.contains(where: \.isItemLost) { gap = gap ?? "\(operation): there are unreadable items" }
                switch walk.step(after: page.nextPage) {
                case .next(let next): token = next
                case .end: isWalking = false
                case .stopped(let why):
                    note = "\(operation): \(why)"
                    gap = gap ?? note
                    isWalking = false
                }
            } catch {
                cost.attempts += max(0, error.attempts)
                self.items = .failure(error)
                return
            }
        }
        // Nothing readable among what was sent is not the same as nothing sent.
        if items.isEmpty, let reason = flaws.first {
            self.items = .failure(
                ServiceError(
                    operation: operation, kind: .malformedResponse, message: reason, attempts: cost.attempts))
        } else {
            self.items = .success(items)
        }
    }
}

/// What of an answer could not be used.
struct Flaws: Sendable, Equatable {
    private(set) var count = 0
    /// What was wrong with the first of them.
    private(set) var first: String?

    mutating func add(_ more: Int, _ reason: String) {
        guard more > 0 else { return }
        count += more
        first = first ?? reason
    }
}
