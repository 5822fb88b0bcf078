/// Makes the API's reply from a route, the request's content and a moment. It does not handle HTTP connections,
/// signatures or faults.
struct Service: Sendable {
    let world: World
    let version: String
    let instanceID: String
    let workspaceKey: String
    let workspaceName: String
    /// The most job keys one request may name; `nil` for no limit (the reference page states none).
    let maximumJobKeys: Int?
    let tokens: PageTokens

    /// A successful answer: its JSON, the token of the next page if there is one, and the version of a single object.
    struct Reply: Sendable {
        let body: [UInt8]
        var nextPage: String?
        var etag: String?
    }

    /// The parts of a request besides its route.
    struct RequestContent: Sendable {
        /// The path as sent.
        let path: Substring
        let query: Query
        let body: [UInt8]
        let retryToken: String?
        let ifMatch: String?
    }

    func reply(to route: Route, _ content: RequestContent, at moment: Milliseconds) throws(Refusal) -> Reply {
        guard route.version == version, route.instanceID == instanceID,
            route.workspaceKey ?? workspaceKey == workspaceKey
        else { throw .notFound }
        let query = content.query
        let request = ListRequest(identity: "\(content.path)\u{2}\(query.identity)", query: query, moment: moment)
        let key = route.key ?? ""
        switch route.operation {
        case .workspaces: return try workspaces(request)
        case .jobs: return try jobs(request)
        case .job: return try job(key)
        case .recentJobRuns: return try recentJobRuns(request)
        case .jobRuns: return try jobRuns(request)
        case .jobRun: return try jobRun(key, query: query, at: moment)
        case .createJobRun: return try createJobRun(content, at: moment)
        case .cancelJobRun: return try cancelJobRun(key, content, at: moment)
        case .repairJobRun: return try repairJobRun(key, content, at: moment)
        case .taskRuns: return try taskRuns(request)
        case .taskRun: return try taskRun(key, at: moment)
        case .fetchOutput: return try fetchOutput(key, content, at: moment)
        case .metadata, .x509, .refresh, .workloadIdentity: throw .notFound
        }
    }

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
    func order(_ query: Query) throws(Refusal) -> (by: SortBy, ascending: Bool) {
        let by: SortBy = try query.choice("sortBy") ?? .timeCreated
        let order: SortOrder = try query.choice("sortOrder") ?? (by == .timeCreated ? .descending : .ascending)
        return (by, order == .ascending)
    }

    /// Where the requested page begins.
    func start(of request: ListRequest) throws(Refusal) -> PageStart {
        guard let token = try request.query.text("page") else { return PageStart(moment: request.moment, offset: 0) }
        return try tokens.start(of: token, for: request.identity)
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
            body: writer.bytes, nextPage: reached < items.count ? tokens.token(for: next, of: request.identity) : nil)
    }
}
