import Foundation
import Testing

@testable import AIDPSimulator

@Suite("Operations that change a run")
struct ActionTests {
    @Test("a started job has a manual run at once, listed first")
    func started() async throws {
        try await withSimulator { session async throws in
            let moment = Milliseconds(clamping: session.now)
            let job = try #require(
                session.world.jobs.first { job in
                    session.world.runs(of: job, at: moment, limit: 4).allSatisfy(\.status.isTerminal)
                })
            let body = #"{"jobKey": "\#(job.key)", "parameters": [{"name": "day", "value": "today"}]}"#
            let run = try await session.post("/jobRuns", body)
            #expect(run.status == 200, "\(run.text)")
            #expect(session.status(of: run) == "QUEUED", "\(run.text)")
            #expect(run.json["launched"] as? String == "MANUAL")
            #expect(run.json["jobKey"] as? String == job.key)
            #expect(run.text.contains(#""parameters":[{"name":"day","value":"today"}]"#))
            let key = try #require(run.json["key"] as? String)
            let recent = try await session.get("/recentJobRuns?jobKey=\(job.key)&recordCount=2")
            #expect(recent.keys.first == key)
            let again = try await session.post("/jobRuns", body)
            #expect(session.status(of: again) == "SKIPPED", "its earlier run is still active")
        }
    }

    @Test("a cancelled run stops; a run that has ended cannot be cancelled")
    func canceled() async throws {
        try await withSimulator { session async throws in
            let running = session.world.name(of: try session.run(in: [.running]).key)
            let answer = try await session.post("/jobRuns/\(running)/actions/cancel")
            #expect(answer.status == 200, "\(answer.text)")
            #expect(session.status(of: answer) == "CANCELING", "\(answer.text)")
            let again = try await session.post("/jobRuns/\(running)/actions/cancel")
            #expect(again.status == 409)
            #expect(again.code == "IncorrectState")
            let ended = session.world.name(of: try session.run(in: [.success]).key)
            let late = try await session.post("/jobRuns/\(ended)/actions/cancel")
            #expect(late.status == 409)
            #expect(late.message.contains("SUCCESS"))
            let waiting = session.world.name(of: try session.run(in: [.queued, .pending, .blocked]).key)
            let unstarted = try await session.post("/jobRuns/\(waiting)/actions/cancel")
            #expect(session.status(of: unstarted) == "CANCELED", "\(unstarted.text)")
        }
    }

    @Test("a failed run is repaired from the failed task: successful tasks are kept, and the history shows the repair")
    func repaired() async throws {
        try await withSimulator { session async throws in
            let run = try session.run(in: [.failed])
            let key = session.world.name(of: run.key)
            let before = session.world.taskRuns(of: run).filter { $0.status == .success }.map(\.plan.key)
            let answer = try await session.post("/jobRuns/\(key)/actions/repair", #"{"repairMode": "RESUME"}"#)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(session.status(of: answer) == "QUEUED", "\(answer.text)")
            let history = try #require(answer.json["repairHistory"] as? [[String: Any]])
            #expect(history.map { $0["type"] as? String } == ["ORIGINAL", "REPAIR"])
            #expect(history.map { $0["key"] as? Int } == [0, 1])
            let whole = try await session.get("/jobRuns/\(key)?shouldIncludeTaskRunSummaries=true")
            let tasks = try #require(whole.json["taskRunSummaryMap"] as? [String: [String: Any]])
            for name in before { #expect((tasks[name]?["state"] as? [String: Any])?["status"] as? String == "SUCCESS") }
            let active = try await session.post("/jobRuns/\(key)/actions/repair", "{}")
            #expect(active.status == 409, "an active run cannot be repaired")
            let unknown = try await session.post("/jobRuns/\(key)/actions/repair", #"{"repairMode": "AGAIN"}"#)
            #expect(unknown.status == 400)
            #expect(unknown.message.contains("RESUME"))
        }
    }

    @Test("a resumed repair of any failed run ends within ninety seconds at the speed of the demo")
    func quickRepair() throws {
        let now = Milliseconds(clamping: tuesday)
        for seed in [1, 2026, 51_966] as [UInt64] {
            var settings = SimulatorSettings()
            settings.seed = seed
            let service = SimulatedService(settings)
            let world = service.world
            let failed = world.jobs.flatMap { world.runs(of: $0, at: now, limit: 10) }.filter { $0.status == .failed }
            #expect(Set(failed.map(\.key.job)).count > 5)
            for run in failed {
                let content = try SimulatedService.RequestContent(
                    path: "", query: Query(""), body: Array(#"{"repairMode": "RESUME"}"#.utf8), retryToken: nil,
                    ifMatch: nil)
                _ = try service.repairJobRun(world.name(of: run.key), content, at: now)
                let later = try #require(world.run(run.key, at: now + 90_000, after: world.storedChanges.all))
                #expect(later.attempts.count == run.attempts.count + 1)
                #expect(later.status == .success, "\(world.jobs[run.key.job].name) of seed \(seed)")
            }
        }
    }

    @Test("named tasks and the tasks that depend on them run again; an unknown task is rejected")
    func repairedTasks() async throws {
        try await withSimulator { session async throws in
            let run = try session.run(in: [.success])
            let key = session.world.name(of: run.key)
            let plans = session.world.jobs[run.key.job].tasks
            let last = try #require(plans.last?.key)
            let wrong = try await session.post("/jobRuns/\(key)/actions/repair", #"{"taskKeys": ["nothing"]}"#)
            #expect(wrong.status == 400)
            #expect(wrong.message.contains("nothing"))
            let body = #"{"repairMode": "RERUN", "taskKeys": ["\#(last)"]}"#
            let answer = try await session.post("/jobRuns/\(key)/actions/repair", body)
            #expect(answer.status == 200)
            #expect(answer.text.contains(#""repairedTasks":["\#(last)"]"#), "\(answer.text)")
        }
    }

    @Test("a request is carried out once, even if it is sent again with its token")
    func retryToken() async throws {
        try await withSimulator { session async throws in
            let jobs = session.world.jobs
            let body = #"{"jobKey": "\#(jobs[0].key)"}"#
            let first = try await session.post("/jobRuns", body, retryToken: "once")
            let second = try await session.post("/jobRuns", body, retryToken: "once")
            #expect(first.json["key"] as? String == second.json["key"] as? String)
            #expect(first.status == 200)
            let other = try await session.post("/jobRuns", #"{"jobKey": "\#(jobs[1].key)"}"#, retryToken: "once")
            #expect(other.status == 409)
            #expect(other.code == "InvalidatedRetryToken")
            let without = try await session.post("/jobRuns", body)
            #expect(without.json["key"] as? String != first.json["key"] as? String)
        }
    }

    @Test("a change of another version of the run is rejected")
    func etag() async throws {
        try await withSimulator { session async throws in
            let key = session.world.name(of: try session.run(in: [.running]).key)
            let etag = try #require(try await session.get("/jobRuns/\(key)").headers["etag"])
            let stale = try await session.post("/jobRuns/\(key)/actions/cancel", ifMatch: "another")
            #expect(stale.status == 412)
            #expect(stale.code == "NoEtagMatch")
            let right = try await session.post("/jobRuns/\(key)/actions/cancel", ifMatch: etag)
            #expect(right.status == 200)
            #expect(right.headers["etag"] != etag, "the change is another version")
        }
    }

    @Test(
        "a malformed or unknown request is rejected, and the error lists what is allowed",
        arguments: [
            ("/jobRuns", "{", 400, "jobKey"), ("/jobRuns", "{}", 400, "jobKey"),
            ("/jobRuns", #"{"jobKey": "nothing"}"#, 404, "not found"),
            ("/jobRuns/nothing/actions/cancel", "", 404, "not found"),
            ("/jobRuns/nothing/actions/destroy", "", 404, "not found"),
            ("/recentJobRuns", "", 405, "GET"),
        ])
    func refused(path: String, body: String, status: Int, says: String) async throws {
        try await withSimulator { session async throws in
            let answer = try await session.post(path, body)
            #expect(answer.status == status, "\(answer.text)")
            #expect(answer.message.contains(says), "\(answer.text)")
        }
    }

    @Test("a task run is found by its key, and its output by its output key")
    func taskOutput() async throws {
        try await withSimulator { session async throws in
            let run = session.world.name(of: try session.run(in: [.failed]).key)
            let listed = try await session.get("/taskRuns?jobRunKey=\(run)")
            let failed = try #require(
                listed.items.first { ($0["state"] as? [String: Any])?["status"] as? String == "FAILED" })
            let key = try #require(failed["key"] as? String)
            let task = try await session.get("/taskRuns/\(key)")
            #expect(task.json["jobRunKey"] as? String == run)
            #expect(task.json["task"] is [String: Any])
            let outputKey = try #require(task.json["outputKey"] as? String)
            let output = try await session.post(
                "/taskRuns/\(key)/actions/fetchOutput", #"{"outputKey": "\#(outputKey)"}"#)
            #expect(output.status == 200)
            #expect((output.json["errorTrace"] as? String)?.isEmpty == false)
            let data = try #require(output.json["data"] as? [[String: Any]])
            #expect((data[0]["value"] as? String)?.contains("started") == true)
            let wrong = try await session.post("/taskRuns/\(key)/actions/fetchOutput", #"{"outputKey": "x"}"#)
            #expect(wrong.status == 404)
            #expect(try await session.get("/taskRuns/\(run)").status == 404, "a run's key is not a task run's")
            #expect(try await session.get("/jobRuns/\(key)").status == 404, "nor the other way round")
        }
    }

    @Test("an earlier try of a task has an output of its own, which failed")
    func earlierTries() async throws {
        try await withSimulator { session async throws in
            let world = session.world
            let found = world.jobs.lazy.flatMap { world.runs(of: $0, at: tuesday) }.compactMap { run in
                world.taskRuns(of: run).first { $0.retries > 0 && $0.status == .success }.map { (run, $0) }
            }.first
            let (run, task) = try #require(found)
            let key = world.name(of: task, in: run)
            let details = try await session.get("/taskRuns/\(key)")
            let tries = try #require(details.json["retries"] as? [[String: Any]])
            let outputKeys = tries.compactMap { $0["outputKey"] as? String }
            #expect(outputKeys.count == task.retries)
            #expect(!outputKeys.contains(try #require(details.json["outputKey"] as? String)))
            for outputKey in outputKeys {
                let output = try await session.post(
                    "/taskRuns/\(key)/actions/fetchOutput", #"{"outputKey": "\#(outputKey)"}"#)
                #expect(output.status == 200)
                #expect((output.json["errorTrace"] as? String)?.isEmpty == false)
            }
        }
    }

    @Test("a single job is shown with its tasks and their dependencies")
    func job() async throws {
        try await withSimulator { session async throws in
            let job = try #require(session.world.jobs.first { $0.tasks.count > 2 })
            let answer = try await session.get("/jobs/\(job.key)")
            let tasks = try #require(answer.json["tasks"] as? [[String: Any]])
            #expect(tasks.map { $0["taskKey"] as? String } == job.tasks.map(\.key))
            let waits = (tasks[1]["dependsOn"] as? [[String: Any]])?.map { $0["taskKey"] as? String }
            #expect(waits == job.tasks[1].after.map { job.tasks[$0].key })
            #expect(try await session.get("/jobs/nothing").status == 404)
        }
    }

    @Test("a retry token is remembered for a day, and no longer")
    func retryTokens() {
        var changes = RunChanges()
        let run = SimulatedRunKey(job: 0, slot: 1, number: 2)
        changes.remember("a", .init(request: "r", run: run, at: 1_000))
        #expect(changes.answered("a", at: 86_400_999)?.run == run)
        #expect(changes.answered("b", at: 1_000) == nil)
        #expect(changes.answered("a", at: 86_401_000) == nil)
        changes.remember("b", .init(request: "s", run: run, at: 86_400_999))
        #expect(changes.answered("a", at: 2_000) != nil, "still remembered")
        changes.remember("c", .init(request: "s", run: run, at: 86_401_000))
        #expect(changes.answered("a", at: 2_000) == nil, "forgotten for good")
    }
}
