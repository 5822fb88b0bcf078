import AIDPClient

/// The walk over the pages of one list: which page comes next, and when to stop.
///
/// A token belongs to the very request it came with, so a walk is never shared by two. It stops at the end, when a token
/// comes again (the service goes round in circles), and at a number of pages past which it is no use to go on.
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

    /// Takes the token a page came with: absent or empty is the end.
    mutating func step(after token: String?) -> Step {
        pages += 1
        guard let token, !token.isEmpty else { return .end }
        guard seen.insert(token).inserted else { return .stopped("the service sent the same page token again") }
        guard pages < pageCap else { return .stopped("stopped after \(pageCap) pages") }
        return .next(token)
    }
}

/// What a walk brought together, or why it failed: a list without one of its pages is no list.
struct Walked<Item: Sendable>: Sendable {
    var items: Result<[Item], ServiceError>
    /// Items, or fields of items, that could not be read.
    var flaws = 0
    /// Why the walk stopped before the end, if it did.
    var note: String?
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
        var firstFlaw: ItemFlaw?
        var token: String?
        var isWalking = true
        while isWalking {
            cost.requests += 1
            do throws(ServiceError) {
                let page = try await fetch(token)
                cost.attempts += max(1, page.attempts)
                items += page.items
                flaws += page.flaws.count
                firstFlaw = firstFlaw ?? page.flaws.first
                switch walk.step(after: page.nextPage) {
                case .next(let next): token = next
                case .end: isWalking = false
                case .stopped(let why):
                    note = "\(operation): \(why)"
                    isWalking = false
                }
            } catch {
                cost.attempts += max(0, error.attempts)
                self.items = .failure(error)
                return
            }
        }
        // Nothing readable among what was sent is not the same as nothing sent.
        if items.isEmpty, let firstFlaw {
            self.items = .failure(
                ServiceError(
                    operation: operation, kind: .malformedResponse, message: firstFlaw.reason, attempts: cost.attempts))
        } else {
            self.items = .success(items)
        }
    }
}
