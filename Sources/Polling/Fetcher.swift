import AIDP
import Foundation
import Runs

/// Executes one request of the plan: calls the service, follows the pages, and converts the results.
struct Fetcher: Sendable {
    /// More pages than any list has within the documented limits.
    static let jobPages = 100
    static let chunkPages = 20
    static let taskPages = 20
    /// A list of runs with more pages than this, at 1000 runs each, is incomplete.
    static let listPages = 10

    let service: any WorkflowService
    let place: Place
    let settings: PollingSettings
    /// Whether answers also contain the runs as the service sent them.
    var keepsItems = false

    func answer(to request: PollRequest) async -> Answer {
        var reader = PageReader()
        let content: Answer.Content
        do throws(ServiceError) {
            switch request {
            case .jobs: content = .jobs(try await jobs(&reader))
            case .runs(let chunk): content = .runs(try await runs(of: chunk, &reader))
            case .tasks(let run): content = .tasks(try await tasks(of: run, &reader), of: run)
            case .newRuns(let since):
                content = .listed(try await list(ListJobRunsRequest(createdSince: since), &reader), request)
            case .activeRuns:
                let active = ListJobRunsRequest(statuses: [.pending, .queued, .running, .blocked])
                content = .listed(try await list(active, &reader), request)
            case .pastRuns(let window):
                let past = ListJobRunsRequest(createdSince: window.since, createdUntil: window.until)
                content = .listed(try await list(past, &reader), request)
            }
        } catch {
            content = .failed(request, error)
        }
        return Answer(
            content: content, flaws: reader.flaws, note: reader.note, gap: reader.gap, cost: reader.cost,
            serviceDate: reader.serviceDate)
    }

    private func jobs(_ reader: inout PageReader) async throws(ServiceError) -> [Job] {
        var name: String?
        if case .workspace(let contains) = settings.scope { name = contains }
        let items = try await reader.readAll("listJobs", atMost: Self.jobPages) { page throws(ServiceError) in
            try await service.listJobs(ListJobsRequest(displayNameContains: name, page: page))
        }
        var seen: Set<String> = []
        return items.filter { seen.insert($0.key).inserted }.map { Job($0, in: place) }
    }

    private func runs(of chunk: [JobID], _ reader: inout PageReader) async throws(ServiceError) -> ChunkRuns {
        let items = try await reader.readAll("recentJobRuns", atMost: Self.chunkPages) { page throws(ServiceError) in
            try await service.recentJobRuns(
                RecentJobRunsRequest(
                    jobKeys: chunk.map(\.key), recordCount: settings.recordCount, limit: settings.limit,
                    page: page, sortBy: settings.sortBy, sortOrder: settings.sortOrder))
        }
        let asked = Set(chunk)
        let onlyJob = chunk.count == 1 ? chunk.first : nil
        var found = ChunkRuns(jobs: chunk)
        var texts = TextPool(chunk.map(\.key))
        found.runs = items.compactMap { JobRun($0, in: place, onlyJob: onlyJob, sharing: &texts) }
            .filter { asked.contains($0.job) }
        if keepsItems { found.items = items }
        // A run without a job key, or with the key of a job that was not requested, may belong to any job of the chunk.
        let strays = items.count - found.runs.count
        if strays > 0 { reader.addGap(strays, "recentJobRuns: some runs belong to none of the requested jobs") }
        if reader.gap != nil {
            let present = Set(found.runs.map(\.job))
            found.missing = chunk.filter { !present.contains($0) }
        }
        return found
    }

    /// All runs of a list, of any job. The oldest come first, so a run that is created meanwhile comes last.
    private func list(
        _ request: ListJobRunsRequest, _ reader: inout PageReader
    ) async throws(ServiceError) -> [JobRun] {
        let items = try await reader.readAll("listJobRuns", atMost: Self.listPages) { page throws(ServiceError) in
            var request = request
            (request.page, request.limit, request.sortOrder) = (page, 1_000, .ascending)
            return try await service.listJobRuns(request)
        }
        let runs = items.compactMap { JobRun($0, in: place, onlyJob: nil) }
        if runs.count < items.count {
            reader.addGap(items.count - runs.count, "listJobRuns: some runs have no job key")
        }
        return runs
    }

    private func tasks(of run: RunID, _ reader: inout PageReader) async throws(ServiceError) -> [TaskRun] {
        let items = try await reader.readAll("listTaskRuns", atMost: Self.taskPages) { page throws(ServiceError) in
            try await service.listTaskRuns(ListTaskRunsRequest(jobRunKey: run.key, page: page))
        }
        return items.map(TaskRun.init)
    }
}

/// Reads the pages of one list, and counts the requests and the flaws.
private struct PageReader {
    private(set) var flaws = Flaws()
    private(set) var note: String?
    private(set) var gap: String?
    private(set) var cost = RequestCost(requests: 0, attempts: 0)
    /// The time of the first page by the service's clock.
    private(set) var serviceDate: Date?

    /// Requests page after page, and returns the items of all pages. It stops at the last page, after `cap` pages, and when
    /// the service repeats a page token, because the pages would repeat.
    ///
    /// - Throws: the error of the first page that fails, or `malformedResponse` if no item could be read but some were sent.
    mutating func readAll<Item: Sendable>(
        _ operation: String, atMost cap: Int, fetch: (_ page: String?) async throws(ServiceError) -> Page<Item>
    ) async throws(ServiceError) -> [Item] {
        var items: [Item] = []
        var token: String?
        var seen: Set<String> = []
        repeat {
            cost.requests += 1
            let page: Page<Item>
            do throws(ServiceError) {
                page = try await fetch(token)
            } catch {
                cost.attempts += max(0, error.attempts)
                throw error
            }
            cost.attempts += max(1, page.attempts)
            if cost.requests == 1 { serviceDate = page.serverDate }
            items += page.items
            for flaw in page.flaws { flaws.add(1, flaw.reason) }
            if page.flaws.contains(where: \.isItemLost) { gap = gap ?? "\(operation): some items are unreadable" }
            // A page token is valid only for the request it came with. An empty token means that there is no next page.
            token = page.nextPage.flatMap { $0.isEmpty ? nil : $0 }
            guard let next = token else { break }
            if !seen.insert(next).inserted {
                stop(operation, "the service sent the same page token again, so the rest of the list is unknown")
                token = nil
            } else if cost.requests >= cap {
                stop(operation, "stopped after \(cap) pages, so the rest of the list is unknown")
                token = nil
            }
        } while token != nil
        // An answer whose items are all unreadable is an error; an answer without items is not.
        if items.isEmpty, let reason = flaws.first {
            throw ServiceError(
                operation: operation, kind: .malformedResponse, message: reason, attempts: cost.attempts)
        }
        return items
    }

    private mutating func stop(_ operation: String, _ reason: String) {
        note = "\(operation): \(reason)"
        gap = gap ?? note
    }

    /// Counts unusable items, which make the answer incomplete.
    mutating func addGap(_ items: Int, _ reason: String) {
        flaws.add(items, reason)
        gap = gap ?? reason
    }
}
