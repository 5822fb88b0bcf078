/// `GET …/taskRuns/{key}` and `POST …/taskRuns/{key}/actions/fetchOutput`.
extension Service {
    func taskRun(_ key: String, at moment: Milliseconds) throws(Refusal) -> Reply {
        let (run, task) = try found(key, at: moment)
        var writer = JSONWriter()
        writer.taskRun(task, of: run, in: world)
        return Reply(body: writer.bytes)
    }

    func fetchOutput(_ key: String, _ content: RequestContent, at moment: Milliseconds) throws(Refusal) -> Reply {
        struct FetchOutputDetails: Decodable { let outputKey: String }
        let details = try content.details(FetchOutputDetails.self, "outputKey, a string")
        let (run, task) = try found(key, at: moment)
        guard task.started != nil, details.outputKey == world.outputKey(of: task, in: run) else { throw .notFound }
        var writer = JSONWriter()
        writer.taskRunOutput(task, of: run, in: world)
        return Reply(body: writer.bytes)
    }

    private func found(_ key: String, at moment: Milliseconds) throws(Refusal) -> (Run, TaskRun) {
        guard let key = TaskRunKey(key, seed: world.seed),
            let run = world.run(key.run, at: moment, after: world.interventions.all),
            let task = world.taskRuns(of: run).first(where: { $0.place == key.place })
        else { throw .notFound }
        return (run, task)
    }
}
