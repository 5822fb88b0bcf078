import Crypto
import Foundation
import JSON

/// `GET …/workspaces` and `…/jobs`.
extension SimulatedService {
    func workspaces(_ request: ListRequest) throws(APIError) -> Reply {
        let limit = try request.query.integer("limit", in: 1...1_000, default: 100)
        let start = try start(of: request)
        _ = try order(request.query)
        var names = [settings.workspaceName]
        if let exact = try request.query.text("displayName") { names = names.filter { $0 == exact } }
        if let part = try request.query.text("displayNameContains") { names = names.filter { $0.contains(part) } }
        let owner = Catalogue.people(seed: world.seed)[0]
        return page(names, from: start, limit: limit, of: request) { writer, name in
            writer.workspaceSummary(key: settings.workspaceKey, name: name, owner: owner)
        }
    }

    func jobs(_ request: ListRequest) throws(APIError) -> Reply {
        let query = request.query
        let limit = try query.integer("limit", in: 1...1_000, default: 100)
        let order = try order(query)
        let start = try start(of: request)
        let keys = Set(query.all("jobKey"))
        let (name, part, path) = (
            try query.text("displayName"), try query.text("displayNameContains")?.lowercased(), try query.text("path")
        )
        let (creator, updater) = (try query.text("createdBy"), try query.text("updatedBy"))
        var found = world.jobs.filter { job in
            (keys.isEmpty || keys.contains(job.key)) && name.map { $0 == job.name } ?? true
                && part.map { job.name.lowercased().contains($0) } ?? true && path.map { $0 == job.path } ?? true
                && [creator, updater].allSatisfy { $0.map { $0 == job.owner.name || $0 == job.owner.ocid } ?? true }
        }
        // Jobs have no status; sorting by it keeps the order of creation.
        switch order.by {
        case .timeCreated: found.sort { ($0.created, $0.index) < ($1.created, $1.index) }
        case .displayName: found.sort { ($0.name, $0.index) < ($1.name, $1.index) }
        case .status: break
        }
        if !order.ascending { found.reverse() }
        return page(found, from: start, limit: limit, of: request) { $0.jobSummary($1) }
    }

}

/// `GET …/recentJobRuns`, `…/jobRuns` and `…/taskRuns`.
extension SimulatedService {
    /// The newest `recordCount` runs of each named job, sorted together and then divided into pages. An unknown key has
    /// no runs.
    func recentJobRuns(_ request: ListRequest) throws(APIError) -> Reply {
        let query = request.query
        let keys = query.all("jobKey")
        guard !keys.isEmpty, !keys.contains("") else {
            throw .invalidParameter("jobKey is required and may not be empty.")
        }
        if let maximum = settings.maximumJobKeys, keys.count > maximum {
            throw .invalidParameter("jobKey must be given between 1 and \(maximum) times.")
        }
        let recordCount = try query.integer("recordCount", in: 1...10, default: 5)
        let limit = try query.integer("limit", in: 1...25, default: 10)
        let order = try order(query)
        let start = try start(of: request)
        let found = keys.compactMap { world.job(key: $0) }
            .flatMap { world.runs(of: $0, at: start.moment, limit: recordCount) }
        return page(sorted(found, order), from: start, limit: limit, of: request) { $0.jobRunSummary($1, in: world) }
    }

    func jobRuns(_ request: ListRequest) throws(APIError) -> Reply {
        let query = request.query
        let limit = try query.integer("limit", in: 1...1_000, default: 100)
        let order = try order(query)
        let start = try start(of: request)
        let keys = query.all("jobKey")
        let statuses = Set(try query.choices("status", of: Status.filterable))
        let name = try query.text("displayName")
        let since = try query.moment("timeCreatedGreaterThanOrEqualTo") ?? 0
        let until = try query.moment("timeCreatedLessThanOrEqualTo") ?? .max
        let chosen = keys.isEmpty ? world.jobs : keys.compactMap { world.job(key: $0) }
        // There are many ended runs: they are not created if the statuses exclude them.
        let isForOpenRuns = !statuses.isEmpty && statuses.allSatisfy { !$0.isTerminal }
        let found = chosen.flatMap { job in
            isForOpenRuns
                ? world.openRuns(of: job, at: start.moment) : world.runs(of: job, at: start.moment, since: since)
        }.filter { run in
            run.created >= since && run.created <= until && (statuses.isEmpty || statuses.contains(run.status))
                && name.map { $0 == world.title(of: run) } ?? true
        }
        return page(sorted(found, order), from: start, limit: limit, of: request) { $0.jobRunSummary($1, in: world) }
    }

    /// The tasks of one run. Without `sortBy` they have the order of the job's task list.
    func taskRuns(_ request: ListRequest) throws(APIError) -> Reply {
        let query = request.query
        let key = try query.required("jobRunKey")
        let limit = try query.integer("limit", in: 1...1_000, default: 100)
        let order = try order(query)
        let start = try start(of: request)
        let statuses = Set(try query.choices("status", of: Status.filterable))
        let name = try query.text("displayName")
        guard let run = world.run(key: key, at: start.moment) else { throw .notFound }
        var found = world.taskRuns(of: run).filter {
            (statuses.isEmpty || statuses.contains($0.status)) && name.map { [key = $0.plan.key] in $0 == key } ?? true
        }
        let isOrdered = try query.text("sortBy") != nil
        switch order.by {
        case .timeCreated: break
        case .displayName: found.sort { ($0.plan.key, $0.place) < ($1.plan.key, $1.place) }
        case .status: found.sort { ($0.status.rawValue, $0.place) < ($1.status.rawValue, $1.place) }
        }
        if isOrdered && !order.ascending { found.reverse() }
        return page(found, from: start, limit: limit, of: request) { $0.taskRunSummary($1, of: run, in: world) }
    }

    /// The runs in the requested order. Equal runs are sorted by creation and key, so that pages never overlap.
    private func sorted(_ runs: [SimulatedRun], _ order: (by: SortBy, ascending: Bool)) -> [SimulatedRun] {
        let isBefore: (SimulatedRun, SimulatedRun) -> Bool
        switch order.by {
        case .timeCreated: isBefore = { $0.rank < $1.rank }
        case .displayName:
            isBefore = { (world.jobs[$0.key.job].name, $0.rank) < (world.jobs[$1.key.job].name, $1.rank) }
        case .status: isBefore = { ($0.status.rawValue, $0.rank) < ($1.status.rawValue, $1.rank) }
        }
        return order.ascending ? runs.sorted(by: isBefore) : runs.sorted { isBefore($1, $0) }
    }
}

extension SimulatedRun {
    /// A unique sort value: creation, then key.
    fileprivate var rank: Rank { Rank(created: created, key: key.plain) }

    fileprivate struct Rank: Comparable {
        let created: Milliseconds
        let key: UInt64

        static func < (one: Rank, other: Rank) -> Bool { (one.created, one.key) < (other.created, other.key) }
    }
}

/// The order and the pages of every list.
extension SimulatedService {
    /// A request for a list: its parameters, and the identity that its page tokens are bound to.
    struct ListRequest {
        let identity: String
        let query: Query
        let moment: Milliseconds
    }

    /// `sortBy` of every list.
    enum SortBy: String, CaseIterable { case timeCreated, displayName, status }
    /// `sortOrder` of every list.
    enum SortOrder: String, CaseIterable {
        case ascending = "ASC"
        case descending = "DESC"
    }

    /// The requested order. The default is `timeCreated`, newest first; other fields default to ascending.
    func order(_ query: Query) throws(APIError) -> (by: SortBy, ascending: Bool) {
        let by: SortBy = try query.choice("sortBy") ?? .timeCreated
        let order: SortOrder = try query.choice("sortOrder") ?? (by == .timeCreated ? .descending : .ascending)
        return (by, order == .ascending)
    }

    /// The start of the requested page.
    func start(of request: ListRequest) throws(APIError) -> PageStart {
        guard let token = try request.query.text("page") else { return PageStart(moment: request.moment, offset: 0) }
        return try pageTokens.start(of: token, for: request.identity)
    }

    /// One page of a list: `{"items": […]}`, and the token of the next page if there is one.
    func page<Item>(
        _ items: [Item], from start: PageStart, limit: Int, of request: ListRequest,
        _ write: (inout JSONWriter, Item) -> Void
    ) -> Reply {
        let shown = items.dropFirst(start.offset).prefix(limit)
        var writer = JSONWriter(reserving: 512 + shown.count * 2_048)
        writer.object { writer in
            writer.field("items") { $0.array(shown, write) }
        }
        let reached = start.offset + shown.count
        let next = PageStart(moment: start.moment, offset: reached)
        return Reply(
            body: writer.bytes,
            nextPage: reached < items.count ? pageTokens.token(for: next, of: request.identity) : nil)
    }
}

/// The start of a page, and the time of the list's first page. Later pages show the world at that time, so that a list
/// has no gaps or duplicates even if runs change while the client reads it.
struct PageStart: Sendable, Equatable {
    let moment: Milliseconds
    let offset: Int
}

/// Creates page tokens and accepts only those. Each token has an HMAC over its request, so that a made-up token, or one
/// with other parameters, is rejected. Tokens are base64 with `+`, `/` and `=` on purpose: a client that does not
/// percent-encode them fails here, before it fails in production.
struct PageTokens: Sendable {
    private let secret: SymmetricKey

    init(seed: UInt64) {
        secret = SymmetricKey(data: SHA256.hash(data: Data("page tokens \(seed)".utf8)))
    }

    func token(for start: PageStart, of request: String) -> String {
        let payload = bytes(start)
        return (payload + seal(payload, request)).base64EncodedString()
    }

    func start(of token: String, for request: String) throws(APIError) -> PageStart {
        guard let data = Data(base64Encoded: token), data.count == 28, data.suffix(16) == seal(data.prefix(12), request)
        else {
            throw .invalidParameter("page must be an opc-next-page token of this same request, unchanged.")
        }
        let moment = data.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let offset = data.dropFirst(8).prefix(4).reduce(0) { $0 << 8 | Int($1) }
        return PageStart(moment: Milliseconds(clamping: moment), offset: offset)
    }

    private func bytes(_ start: PageStart) -> Data {
        let moment = UInt64(clamping: start.moment)
        let offset = UInt32(clamping: start.offset)
        return Data((0..<8).map { UInt8(truncatingIfNeeded: moment >> (56 - 8 * $0)) })
            + Data((0..<4).map { UInt8(truncatingIfNeeded: offset >> (24 - 8 * $0)) })
    }

    private func seal(_ payload: Data, _ request: String) -> Data {
        Data(HMAC<SHA256>.authenticationCode(for: payload + Data(request.utf8), using: secret)).prefix(16)
    }
}
