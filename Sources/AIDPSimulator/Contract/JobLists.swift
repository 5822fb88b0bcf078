/// `GET …/workspaces`, `…/jobs` and `…/jobs/{key}`.
extension Service {
    func workspaces(_ request: ListRequest) throws(Refusal) -> Reply {
        let limit = try request.query.integer("limit", in: 1...1_000, default: 100)
        let start = try start(of: request)
        _ = try order(request.query)
        var names = [workspaceName]
        if let exact = try request.query.text("displayName") { names = names.filter { $0 == exact } }
        if let part = try request.query.text("displayNameContains") { names = names.filter { $0.contains(part) } }
        let owner = Catalogue.people(seed: world.seed)[0]
        return page(names, from: start, limit: limit, of: request) { writer, name in
            writer.workspaceSummary(key: workspaceKey, name: name, owner: owner)
        }
    }

    func jobs(_ request: ListRequest) throws(Refusal) -> Reply {
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

    func job(_ key: String) throws(Refusal) -> Reply {
        guard let job = world.job(key: key) else { throw .notFound }
        var writer = JSONWriter()
        writer.job(job, in: world)
        return Reply(body: writer.bytes)
    }
}
