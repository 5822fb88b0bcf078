import Foundation
import Testing

@testable import AIDPSimulator

@Suite("The API over HTTP") struct ServiceTests {
    @Test("serves the newest runs of each requested job, newest first, with the documented defaults")
    func recentJobRuns() async throws {
        try await withSimulator { session async throws in
            let defaults = try await session.get(session.recentJobRuns(jobs: 4))
            #expect(defaults.status == 200)
            #expect(defaults.items.count == 10)
            #expect(defaults.nextPage != nil)
            let one = try await session.get(session.recentJobRuns(jobs: 1))
            #expect(one.items.count == 5)
            #expect(one.nextPage == nil)

            let ten = try await session.get(session.recentJobRuns(jobs: 2, "&recordCount=10&limit=25"))
            let jobs = session.world.jobs.prefix(2)
            let expected = jobs.flatMap { session.world.runs(of: $0, at: session.now, limit: 10) }
            #expect(Set(ten.keys) == Set(expected.map { session.world.name(of: $0.key) }))
            let created = ten.items.compactMap { $0["timeCreated"] as? String }
            #expect(created.count == 20)
            #expect(created == created.sorted(by: >))
            #expect(Set(ten.items.compactMap { $0["jobKey"] as? String }) == Set(jobs.map(\.key)))
        }
    }

    @Test(
        "has pages without gaps or duplicates in every order",
        arguments: ["timeCreated", "displayName", "status"])
    func pages(sortBy: String) async throws {
        try await withSimulator { session async throws in
            for order in ["ASC", "DESC"] {
                let query = session.recentJobRuns(jobs: 7, "&recordCount=10&sortBy=\(sortBy)&sortOrder=\(order)")
                let whole = try await session.all(query + "&limit=25").flatMap(\.keys)
                let pieces = try await session.all(query + "&limit=7")
                #expect(whole.count == 70)
                #expect(Set(whole).count == 70)
                #expect(pieces.flatMap(\.keys) == whole)
                #expect(pieces.dropLast().allSatisfy { $0.items.count == 7 })
            }
        }
    }

    @Test("lists jobs, runs, a run, its tasks and the workspace")
    func otherOperations() async throws {
        try await withSimulator { session async throws in
            let jobs = try await session.all("/jobs?limit=11").flatMap(\.items)
            #expect(Set(jobs.compactMap { $0["key"] as? String }) == Set(session.world.jobs.map(\.key)))
            let gold = try await session.get("/jobs?displayNameContains=GOLD&sortBy=displayName").items
            let names = gold.compactMap { $0["name"] as? String }
            #expect(!names.isEmpty)
            #expect(names == names.sorted())
            #expect(names.allSatisfy { $0.contains("gold") })

            let job = try #require(session.world.jobs.first)
            let failed = try await session.get("/jobRuns?jobKey=\(job.key)&status=FAILED&status=SUCCESS&limit=1000")
                .items
            #expect(!failed.isEmpty)
            #expect(
                failed.allSatisfy {
                    ["FAILED", "SUCCESS"].contains(($0["state"] as? [String: Any])?["status"] as? String)
                })

            let key = try #require(failed.first?["key"] as? String)
            let run = try await session.get("/jobRuns/\(key)?shouldIncludeTaskRunSummaries=true")
            #expect(run.json["key"] as? String == key)
            #expect(run.json["jobKey"] as? String == job.key)
            let tasks = try await session.get("/taskRuns?jobRunKey=\(key)").items
            #expect(!tasks.isEmpty)
            #expect(tasks.allSatisfy { $0["jobRunKey"] as? String == key })
            #expect((run.json["taskRunSummaryMap"] as? [String: Any])?.count == tasks.count)

            let target = String(session.workspace.dropLast(session.settings.workspaceKey.count + 1))
            let workspaces = try await session.get(target: target)
            #expect(workspaces.keys == [session.settings.workspaceKey])
        }
    }

    @Test(
        "rejects a value that is out of range, and names its parameter",
        arguments: [
            ("/recentJobRuns", "jobKey"), ("/recentJobRuns?jobKey=", "jobKey"),
            ("/recentJobRuns?jobKey=a&recordCount=0", "recordCount"),
            ("/recentJobRuns?jobKey=a&recordCount=11", "recordCount"),
            ("/recentJobRuns?jobKey=a&recordCount=x", "recordCount"), ("/recentJobRuns?jobKey=a&limit=0", "limit"),
            ("/recentJobRuns?jobKey=a&limit=26", "limit"), ("/recentJobRuns?jobKey=a&limit=5&limit=6", "limit"),
            ("/recentJobRuns?jobKey=a&sortBy=name", "sortBy"), ("/recentJobRuns?jobKey=a&sortOrder=asc", "sortOrder"),
            ("/recentJobRuns?jobKey=a&page=AAAA", "page"), ("/recentJobRuns?jobKey=a&page=", "page"),
            ("/recentJobRuns?jobKey=%FF", "percent-encoded"), ("/recentJobRuns?jobKey=%A9x", "percent-encoded"),
            ("/jobs?limit=1001", "limit"),
            ("/jobRuns?status=DONE", "status"),
            ("/jobRuns?timeCreatedGreaterThanOrEqualTo=yesterday", "timeCreatedGreaterThanOrEqualTo"),
            ("/taskRuns", "jobRunKey"),
        ])
    func outOfRange(path: String, name: String) async throws {
        try await withSimulator { session async throws in
            let answer = try await session.get(path)
            #expect(answer.status == 400)
            #expect(answer.code == "InvalidParameter")
            #expect(answer.message.contains(name), "\(answer.message)")
        }
    }

    @Test("rejects page tokens of another request or another world, and changed ones")
    func foreignTokens() async throws {
        try await withSimulator { session async throws in
            let query = session.recentJobRuns(jobs: 4)
            let token = try #require(try await session.get(query).nextPage)
            #expect(try await session.get(query + "&page=\(encoded(token))").status == 200)
            #expect(try await session.get(query + "&limit=9&page=\(encoded(token))").status == 400)
            #expect(try await session.get("/jobs?page=\(encoded(token))").status == 400)
            let changed = (token.first == "/" ? "+" : "/") + token.dropFirst()
            #expect(try await session.get(query + "&page=\(encoded(changed))").status == 400)
            let stranger = PageTokens(seed: 1).token(for: .init(moment: 0, offset: 10), of: "x")
            #expect(try await session.get(query + "&page=\(encoded(stranger))").status == 400)
        }
    }

    @Test("answers 404 for unknown paths, 405 for other methods, 414 for long targets")
    func notThere() async throws {
        try await withSimulator { session async throws in
            let signer = try Signer.registered(at: session.now)
            for target in [
                "/", "/20990101" + session.workspace.dropFirst(9) + "/jobs", session.workspace + "x/jobs",
                session.workspace + "/runs",
                session.workspace + "/jobRuns/unknown", session.workspace + "/taskRuns?jobRunKey=unknown",
            ] {
                let answer = try await session.get(target: target)
                #expect(answer.status == 404, "\(target)")
                #expect(answer.code == "NotAuthorizedOrNotFound", "\(target)")
            }
            let path = session.workspace + "/jobs"
            let posted = try await session.send(
                method: "POST", target: path,
                headers: signer.covering([
                    "date", "(request-target)", "host", "content-length", "content-type", "x-content-sha256",
                ])
                .headers(method: "POST", target: path, host: session.host, body: "{}"), body: "{}")
            #expect(posted.status == 405)
            #expect(try await session.get("/jobs?displayName=" + String(repeating: "x", count: 20_000)).status == 414)
            #expect(try await session.get("/recentJobRuns?jobKey=unknown").items.isEmpty)
        }
        try await withSimulator {
            $0.maximumJobKeys = 3
        } body: { session async throws in
            #expect(try await session.get(session.recentJobRuns(jobs: 3)).status == 200)
            #expect(try await session.get(session.recentJobRuns(jobs: 4)).message.contains("between 1 and 3"))
        }
    }

    @Test("uses opc-request-id as the first part of its own, and creates one if it is missing or invalid")
    func requestID() async throws {
        try await withSimulator { session async throws in
            let echoed = try await session.get("/jobs?limit=1", requestID: "abc_DEF-123").headers["opc-request-id"]
            #expect(echoed?.hasPrefix("abc_DEF-123/") == true)
            #expect(echoed?.split(separator: "/").count == 3)
            for sent in [nil, "no spaces here", String(repeating: "a", count: 129)] {
                let answered = try #require(
                    try await session.get("/jobs?limit=1", requestID: sent).headers["opc-request-id"])
                #expect(answered.split(separator: "/").allSatisfy { $0.count == 32 })
            }
            #expect(try await session.get("/nowhere").headers["opc-request-id"] != nil, "errors carry one too")
        }
    }

    @Test("counts the requests, by operation")
    func counts() async throws {
        try await withSimulator { session async throws in
            _ = try await session.get("/jobs")
            _ = try await session.get("/jobs?limit=0")
            _ = try await session.get("/nowhere")
            #expect(await session.simulator.requestsServed == 3)
            #expect(await session.simulator.requestsServed(for: .jobs) == 2)
        }
    }

    @Test("a target of the maximum length is served, a longer one is a 414")
    func targetLength() async throws {
        try await withSimulator {
            $0.maximumTargetLength = 400
        } body: { session async throws in
            let path = "/jobs?displayName="
            let room = 400 - session.workspace.utf8.count - path.utf8.count
            #expect(try await session.get(path + String(repeating: "x", count: room)).status == 200)
            let longer = try await session.get(path + String(repeating: "x", count: room + 1))
            #expect(longer.status == 414)
            #expect(longer.code == "RequestURITooLong")
        }
    }

    @Test("the older version has another path for instances")
    func olderVersion() async throws {
        try await withSimulator {
            $0.apiVersion = "20240831"
        } body: { session async throws in
            let path =
                "/20240831/dataLakes/\(session.settings.instanceID)/workspaces/\(session.settings.workspaceKey)/jobs"
            #expect(try await session.get(target: path).status == 200)
            #expect(try await session.get(target: path.replacing("dataLakes", with: "aiDataPlatforms")).status == 404)
        }
    }
}
