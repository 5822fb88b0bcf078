/// What following the pages of a list brought together.
public struct Walk<Item: Sendable>: Sendable {
    /// How it ended.
    public enum End: Sendable, Equatable {
        /// At the last page.
        case complete
        /// Before it, on purpose: why, for the operator.
        case stopped(String)
        /// On an error; what came before it is kept.
        case failed(ServiceError)
    }

    /// The items of all pages, in their order.
    public var items: [Item] = []
    /// What could not be decoded; an index counts on its own page.
    public var flaws: [ItemFlaw] = []
    public var end = End.complete
    /// Pages asked for.
    public var requests = 0
    /// Attempts made for them, retries included.
    public var attempts = 0

    /// Nothing is known to be missing from the items.
    public var isComplete: Bool { end == .complete }

    /// Asks for page after page, and stops at the end (no token, or an empty one), at a token that came before (the
    /// service goes round in circles), at `pageCap` pages, or on an error.
    init(pageCap: Int, fetch: (_ token: String?) async throws(ServiceError) -> Page<Item>) async {
        var seen: Set<String> = []
        var token: String?
        while true {
            requests += 1
            do throws(ServiceError) {
                let page = try await fetch(token)
                attempts += page.attempts
                items += page.items
                flaws += page.flaws
                guard let next = page.nextPage, !next.isEmpty else { return }
                token = next
            } catch {
                attempts += error.attempts
                end = .failed(error)
                return
            }
            if let token, !seen.insert(token).inserted {
                end = .stopped("the service sent the same page token again")
                return
            }
            if requests >= pageCap {
                end = .stopped("stopped after \(pageCap) pages, though there are more")
                return
            }
        }
    }
}

extension Walk: Equatable where Item: Equatable {}

/// The lists, all pages of them. A token belongs to the very request it came with, so each walk keeps its own.
extension WorkflowService {
    /// The recent runs of the request's job keys.
    public func allRecentJobRuns(_ request: RecentJobRunsRequest, pageCap: Int = 20) async -> Walk<JobRunSummary> {
        await Walk(pageCap: pageCap) { token throws(ServiceError) in
            var request = request
            request.page = token ?? request.page
            return try await recentJobRuns(request)
        }
    }

    /// The jobs of the workspace.
    public func allJobs(_ request: ListJobsRequest = ListJobsRequest(), pageCap: Int = 100) async -> Walk<JobSummary> {
        await Walk(pageCap: pageCap) { token throws(ServiceError) in
            var request = request
            request.page = token ?? request.page
            return try await listJobs(request)
        }
    }

    /// The task runs of a job run.
    public func allTaskRuns(_ request: ListTaskRunsRequest, pageCap: Int = 20) async -> Walk<TaskRunSummary> {
        await Walk(pageCap: pageCap) { token throws(ServiceError) in
            var request = request
            request.page = token ?? request.page
            return try await listTaskRuns(request)
        }
    }
}
