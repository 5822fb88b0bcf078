/// `GET …/recentJobRuns`, `…/jobRuns`, `…/jobRuns/{key}` and `…/taskRuns`.
extension Service {
    /// The newest `recordCount` runs of each named job, sorted together and then divided into pages. An unknown key has
    /// no runs.
    func recentJobRuns(_ request: ListRequest) throws(Refusal) -> Reply {
        let query = request.query
        let keys = query.all("jobKey")
        guard !keys.isEmpty, !keys.contains("") else {
            throw .invalidParameter("jobKey is required and may not be empty.")
        }
        if let maximumJobKeys, keys.count > maximumJobKeys {
            throw .invalidParameter("jobKey must be given between 1 and \(maximumJobKeys) times.")
        }
        let recordCount = try query.integer("recordCount", in: 1...10, default: 5)
        let limit = try query.integer("limit", in: 1...25, default: 10)
        let order = try order(query)
        let start = try start(of: request)
        let found = keys.compactMap { world.job(key: $0) }
            .flatMap { world.runs(of: $0, at: start.moment, limit: recordCount) }
        return page(sorted(found, order), from: start, limit: limit, of: request) { $0.jobRunSummary($1, in: world) }
    }

    func jobRuns(_ request: ListRequest) throws(Refusal) -> Reply {
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
        let found = chosen.flatMap { world.runs(of: $0, at: start.moment) }.filter { run in
            run.created >= since && run.created <= until && (statuses.isEmpty || statuses.contains(run.status))
                && name.map { $0 == world.title(of: run) } ?? true
        }
        return page(sorted(found, order), from: start, limit: limit, of: request) { $0.jobRunSummary($1, in: world) }
    }

    func jobRun(_ key: String, query: Query, at moment: Milliseconds) throws(Refusal) -> Reply {
        let includingTasks = try query.flag("shouldIncludeTaskRunSummaries")
        guard let run = world.run(key: key, at: moment) else { throw .notFound }
        return reply(run, includingTasks: includingTasks)
    }

    /// One run, with its version.
    func reply(_ run: Run, includingTasks: Bool = false) -> Reply {
        var writer = JSONWriter(reserving: 4_096)
        writer.jobRun(run, in: world, includingTasks: includingTasks)
        return Reply(body: writer.bytes, etag: run.etag(seed: world.seed))
    }

    /// The tasks of one run. Without `sortBy` they are in the order of the job's task list.
    func taskRuns(_ request: ListRequest) throws(Refusal) -> Reply {
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
    private func sorted(_ runs: [Run], _ order: (by: SortBy, ascending: Bool)) -> [Run] {
        let isBefore: (Run, Run) -> Bool
        switch order.by {
        case .timeCreated: isBefore = { $0.rank < $1.rank }
        case .displayName:
            isBefore = { (world.jobs[$0.key.job].name, $0.rank) < (world.jobs[$1.key.job].name, $1.rank) }
        case .status: isBefore = { ($0.status.rawValue, $0.rank) < ($1.status.rawValue, $1.rank) }
        }
        return order.ascending ? runs.sorted(by: isBefore) : runs.sorted { isBefore($1, $0) }
    }
}

extension Run {
    /// A unique sort value: creation, then key.
    fileprivate var rank: Rank { Rank(created: created, key: key.plain) }

    fileprivate struct Rank: Comparable {
        let created: Milliseconds
        let key: UInt64

        static func < (one: Rank, other: Rank) -> Bool { (one.created, one.key) < (other.created, other.key) }
    }
}
