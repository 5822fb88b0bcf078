import Foundation
import Testing

@testable import AIDPSimulator

@Suite("Lists") struct ListTests {
    @Test(
        "the first and the last value of every range are accepted",
        arguments: [
            "&recordCount=1", "&recordCount=10", "&limit=1", "&limit=25", "&sortBy=status&sortOrder=ASC",
            "&sortBy=displayName&sortOrder=DESC",
        ])
    func recentRuns(_ more: String) async throws {
        try await withSimulator { session async throws in
            let answer = try await session.get(session.recentJobRuns(jobs: 1, more))
            #expect(answer.status == 200, "\(answer.text)")
            #expect(!answer.items.isEmpty, "\(answer.text)")
        }
    }

    @Test("lists of jobs, runs and tasks accept limits of 1 to 1000")
    func limits() async throws {
        try await withSimulator { session async throws in
            let run = try #require(session.world.runs(of: session.world.jobs[0], at: session.now).first)
            let task = "/taskRuns?jobRunKey=\(session.world.name(of: run.key))&limit="
            for path in ["/jobs?limit=", "/jobRuns?limit=", task] {
                for (limit, status) in [(1, 200), (1_000, 200), (0, 400), (1_001, 400)] {
                    #expect(try await session.get(path + "\(limit)").status == status, "\(path)\(limit)")
                }
                #expect(try await session.get(path + "1").items.count == 1)
            }
        }
    }

    @Test("a page begins where the previous one ended, and the last has no next page")
    func pages() async throws {
        try await withSimulator {
            $0.jobCount = 6
        } body: { session async throws in
            let whole = try await session.get("/jobs?limit=6")
            #expect(whole.items.count == 6)
            #expect(whole.nextPage == nil)
            let pages = try await session.all("/jobs?limit=4")
            #expect(pages.map(\.items.count) == [4, 2])
            #expect(pages.last?.nextPage == nil)
            #expect(pages.flatMap(\.keys) == whole.keys)
            let (exact, hundred) = (try await session.all("/jobs?limit=3"), try await session.get("/jobs"))
            #expect(exact.map(\.items.count) == [3, 3])
            #expect(hundred.items.count == 6)
        }
    }

    @Test("without a limit a page has 100 jobs")
    func usualPage() async throws {
        try await withSimulator {
            $0.jobCount = 101
        } body: { session async throws in
            #expect(try await session.all("/jobs").map(\.items.count) == [100, 1])
        }
    }

    @Test("later pages show the runs at the time of the first page")
    func pagesOfOneMoment() {
        let tokens = PageTokens(seed: 7)
        for start in [
            PageStart(moment: 1_793_693_045_678, offset: 25), PageStart(moment: 0, offset: 0),
            PageStart(moment: .max, offset: 70_000),
        ] {
            #expect((try? tokens.start(of: tokens.token(for: start, of: "x"), for: "x")) == start)
            #expect(throws: APIError.self) { try tokens.start(of: tokens.token(for: start, of: "x"), for: "y") }
        }
    }

    @Test("jobs are sorted as requested: newest first by time, A to Z by name, and in reverse")
    func jobOrder() async throws {
        try await withSimulator { session async throws in
            func names(_ query: String) async throws -> [String] {
                try await session.get("/jobs?" + query).items.compactMap { $0["name"] as? String }
            }
            func created(_ query: String) async throws -> [String] {
                try await session.get("/jobs?" + query).items.compactMap { $0["timeCreated"] as? String }
            }
            let byName = try await names("sortBy=displayName")
            #expect(byName == byName.sorted())
            #expect(byName.count == 40)
            #expect(try await names("sortBy=displayName&sortOrder=DESC") == byName.reversed())
            let byTime = try await created("")
            #expect(byTime == byTime.sorted(by: >))
            #expect(Set(byTime).count > 1)
            #expect(try await created("sortOrder=ASC") == byTime.reversed())
        }
    }

    @Test("jobs are found by name, part of a name in any case, path, creator and key")
    func jobFilters() async throws {
        try await withSimulator { session async throws in
            let job = try #require(session.world.jobs.first { $0.name.contains("gold") })
            func keys(_ query: String) async throws -> [String] { try await session.get("/jobs?" + query).keys }
            #expect(try await keys("displayName=\(encoded(job.name))") == [job.key])
            #expect(try await keys("displayName=\(encoded(job.name.uppercased()))").isEmpty)
            #expect(try await keys("displayNameContains=\(encoded(job.name.uppercased()))").contains(job.key))
            #expect(try await keys("path=\(encoded(job.path))") == [job.key])
            #expect(try await keys("path=\(encoded(String(job.path.dropLast())))").isEmpty)
            for (name, who) in [("createdBy", job.owner.ocid), ("updatedBy", job.owner.name)] {
                let owned = Set(session.world.jobs.filter { $0.owner.ocid == job.owner.ocid }.map(\.key))
                #expect(try await Set(keys("\(name)=\(encoded(who))")) == owned)
                #expect(owned.count < 40)
                #expect(try await keys("\(name)=nobody").isEmpty)
            }
            #expect(try await keys("jobKey=\(job.key)&jobKey=\(session.world.jobs[0].key)").count == 2)
        }
    }

    @Test("runs are found within a time window, including its ends, by name and by status")
    func runFilters() async throws {
        try await withSimulator { session async throws in
            let job = session.world.jobs[0]
            let runs = session.world.runs(of: job, at: session.now)
            let (newest, oldest) = (try #require(runs.first), try #require(runs.dropFirst(4).first))
            func moment(_ milliseconds: Milliseconds) -> String { encoded(milliseconds.rfc3339) }
            func keys(_ query: String) async throws -> [String] {
                try await session.get("/jobRuns?jobKey=\(job.key)&limit=1000&" + query).keys
            }
            let window =
                "timeCreatedGreaterThanOrEqualTo=\(moment(oldest.created))"
                + "&timeCreatedLessThanOrEqualTo=\(moment(newest.created))"
            #expect(try await keys(window) == runs.prefix(5).map { session.world.name(of: $0.key) })
            let title = encoded(session.world.title(of: oldest))
            #expect(try await keys("displayName=\(title)") == [session.world.name(of: oldest.key)])
            let failed = runs.filter { $0.status == .failed }.map { session.world.name(of: $0.key) }
            #expect(try await keys("status=FAILED") == failed)
            #expect(!failed.isEmpty)
            #expect(failed.count < runs.count)
        }
    }

    @Test("a workspace is found only by its name")
    func workspaces() async throws {
        try await withSimulator { session async throws in
            let target = String(session.workspace.dropLast(session.settings.workspaceKey.count + 1))
            func found(_ query: String) async throws -> Int {
                try await session.get(target: target + "?" + query).items.count
            }
            #expect(try await found("displayName=retail-production") == 1)
            #expect(try await found("displayName=retail") == 0)
            #expect(try await found("displayNameContains=retail") == 1)
            #expect(try await found("displayNameContains=wholesale") == 0)
        }
    }
}

/// `GET …/jobRuns` as a poller uses it: all jobs, by the time of creation and by status.
@Suite("Lists of all jobs' runs") struct RunListTests {
    @Test("all runs created since a time are listed page by page, oldest first, without duplicates")
    func since() async throws {
        try await withSimulator { session async throws in
            let since = session.now.addingTimeInterval(-1_800)
            let moment = encoded(Milliseconds(clamping: since).rfc3339)
            let pages = try await session.all(
                "/jobRuns?timeCreatedGreaterThanOrEqualTo=\(moment)&limit=100&sortBy=timeCreated&sortOrder=ASC")
            let created = pages.flatMap(\.items).compactMap { $0["timeCreated"] as? String }
            #expect(pages.count > 1)
            #expect(created == created.sorted())
            #expect(created.allSatisfy { $0 >= Milliseconds(clamping: since).rfc3339 })
            let world = session.world
            let all = world.jobs.flatMap { world.runs(of: $0, at: Milliseconds(clamping: session.now)) }
                .filter { $0.created >= Milliseconds(clamping: since) }
            #expect(Set(pages.flatMap(\.keys)) == Set(all.map { world.name(of: $0.key) }))
            #expect(pages.flatMap(\.keys).count == all.count)
        }
    }

    @Test("runs that have not ended are found at any age, including a repaired one")
    func open() async throws {
        try await withSimulator { session async throws in
            let now = Milliseconds(clamping: session.now)
            let world = session.world
            let failed = try #require(
                world.jobs.lazy.flatMap { world.runs(of: $0, at: now).dropFirst(20) }.first { $0.status == .failed })
            let repaired = try await session.post(
                "/jobRuns/\(world.name(of: failed.key))/actions/repair", #"{"repairMode": "RERUN"}"#)
            #expect(repaired.status == 200, "\(repaired.text)")
            let filter = ["PENDING", "QUEUED", "RUNNING", "BLOCKED"].map { "status=\($0)" }.joined(separator: "&")
            let keys = try await session.get("/jobRuns?limit=1000&\(filter)").keys
            #expect(keys.contains(world.name(of: failed.key)))
            let all = try await session.all("/jobRuns?limit=1000").flatMap(\.items).filter { run in
                let status = (run["state"] as? [String: Any])?["status"] as? String ?? ""
                return ["PENDING", "QUEUED", "RUNNING", "BLOCKED"].contains(status)
            }
            #expect(Set(keys) == Set(all.compactMap { $0["key"] as? String }))
            #expect(all.count > 3)
        }
    }

    @Test("no run is open longer than the search covers", arguments: [1.0, 20, 300])
    func longestLife(speed: Double) {
        let world = World(seed: 7, jobCount: 120, speed: speed)
        for step in 0..<40 {
            let moment = Milliseconds(1_793_693_045_678) + Milliseconds(step) * 1_234_567
            for job in world.jobs {
                let all = world.runs(of: job, at: moment).filter { !$0.status.isTerminal }.map(\.key)
                #expect(world.openRuns(of: job, at: moment).map(\.key) == all)
            }
        }
    }
}
