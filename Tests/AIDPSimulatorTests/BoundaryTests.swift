import Foundation
import Testing

@testable import AIDPSimulator

@Suite("At the edges of what the API allows") struct BoundaryTests {
    @Test(
        "the last value of every range is still taken",
        arguments: [
            "&recordCount=1", "&recordCount=10", "&limit=1", "&limit=25", "&sortBy=status&sortOrder=ASC",
            "&sortBy=displayName&sortOrder=DESC",
        ])
    func recentRuns(_ more: String) async throws {
        try await withSimulator { session async throws in
            let answer = try await session.get(ServiceTests.recent(session, jobs: 1, more))
            #expect(answer.status == 200 && !answer.items.isEmpty, "\(answer.text)")
        }
    }

    @Test("lists of jobs, runs and tasks take limits of 1 to 1000")
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

    @Test("a page begins where the one before it ended, and the last names no next page")
    func pages() async throws {
        try await withSimulator {
            $0.jobCount = 6
        } story: { session async throws in
            let whole = try await session.get("/jobs?limit=6")
            #expect(whole.items.count == 6 && whole.nextPage == nil)
            let pages = try await session.all("/jobs?limit=4")
            #expect(pages.map(\.items.count) == [4, 2] && pages.last?.nextPage == nil)
            #expect(pages.flatMap(\.keys) == whole.keys)
            let (exact, hundred) = (try await session.all("/jobs?limit=3"), try await session.get("/jobs"))
            #expect(exact.map(\.items.count) == [3, 3] && hundred.items.count == 6)
        }
    }

    @Test("without a limit a page has 100 jobs")
    func usualPage() async throws {
        try await withSimulator {
            $0.jobCount = 101
        } story: { session async throws in
            #expect(try await session.all("/jobs").map(\.items.count) == [100, 1])
        }
    }

    @Test("later pages show the runs as they were at the first")
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

    @Test("jobs are sorted as requested: newest first by time, A to Z by name, and the other way round")
    func jobOrder() async throws {
        try await withSimulator { session async throws in
            func names(_ query: String) async throws -> [String] {
                try await session.get("/jobs?" + query).items.compactMap { $0["name"] as? String }
            }
            func created(_ query: String) async throws -> [String] {
                try await session.get("/jobs?" + query).items.compactMap { $0["timeCreated"] as? String }
            }
            let byName = try await names("sortBy=displayName")
            #expect(byName == byName.sorted() && byName.count == 40)
            #expect(try await names("sortBy=displayName&sortOrder=DESC") == byName.reversed())
            let byTime = try await created("")
            #expect(byTime == byTime.sorted(by: >) && Set(byTime).count > 1)
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
                #expect(try await Set(keys("\(name)=\(encoded(who))")) == owned && owned.count < 40)
                #expect(try await keys("\(name)=nobody").isEmpty)
            }
            #expect(try await keys("jobKey=\(job.key)&jobKey=\(session.world.jobs[0].key)").count == 2)
        }
    }

    @Test("runs are found within a window of time, its ends included, by name and by status")
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
            #expect(try await keys("status=FAILED") == failed && !failed.isEmpty && failed.count < runs.count)
        }
    }

    @Test("a workspace is found by its name, and only by that")
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

    @Test("a target of the maximum length is served, a longer one is a 414")
    func targetLength() async throws {
        try await withSimulator {
            $0.maximumTargetLength = 400
        } story: { session async throws in
            let path = "/jobs?displayName="
            let room = 400 - session.workspace.utf8.count - path.utf8.count
            #expect(try await session.get(path + String(repeating: "x", count: room)).status == 200)
            let longer = try await session.get(path + String(repeating: "x", count: room + 1))
            #expect(longer.status == 414 && longer.code == "RequestURITooLong")
        }
    }

    @Test("the older version has another path for instances")
    func olderVersion() async throws {
        try await withSimulator {
            $0.apiVersion = "20240831"
        } story: { session async throws in
            let path =
                "/20240831/dataLakes/\(session.settings.instanceID)/workspaces/\(session.settings.workspaceKey)/jobs"
            #expect(try await session.get(target: path).status == 200)
            #expect(try await session.get(target: path.replacing("dataLakes", with: "aiDataPlatforms")).status == 404)
        }
    }

    @Test(
        "every status fault has the API's error code",
        arguments: [
            (400, "InvalidParameter"), (401, "NotAuthenticated"), (404, "NotAuthorizedOrNotFound"),
            (409, "IncorrectState"), (429, "TooManyRequests"), (500, "InternalServerError"),
            (503, "ServiceUnavailable"), (501, "InternalServerError"), (418, "SimulatedFault"),
        ])
    func statusFaults(_ status: Int, _ code: String) async throws {
        try await withSimulator {
            $0.faults = [Fault(.status(status))]
        } story: { session async throws in
            let answer = try await session.get("/jobs")
            #expect(answer.status == status && answer.code == code && answer.message.contains("\(status)"))
            #expect(answer.headers["retry-after"] == nil && answer.headers["location"] == nil)
            #expect(answer.headers["content-length"] == "\(answer.text.utf8.count)")
        }
    }

    @Test(
        "the last value of every fault's argument is taken, the next one is not",
        arguments: [
            ("429:0", true), ("429:86400", true), ("429:86401", false), ("status:200", true), ("status:599", true),
            ("status:199", false), ("slow:0s", true), ("slow:1440m", true), ("slow:86400001ms", false),
            ("500@100%", true), ("500@0.1%", true), ("500@100.1%", false), ("half:2", false), ("html@", false),
            ("500,for=jobs", true), ("500,for=Jobs", false), ("500,only=jobs", false), ("429", true), ("skew", false),
        ])
    func faultArguments(_ text: String, _ isAllowed: Bool) {
        #expect(((try? Fault(text)) != nil) == isAllowed)
    }

    @Test("durations of faults are in their unit")
    func durations() throws {
        #expect(try Fault("slow:2ms").effect == .slow(.milliseconds(2)))
        #expect(try Fault("slow:2s").effect == .slow(.seconds(2)))
        #expect(try Fault("skew:2m").effect == .skew(.seconds(120)))
    }

    @Test("a fault of one operation does not affect the others, over HTTP as well")
    func faultOfOne() async throws {
        try await withSimulator {
            $0.faults = [Fault(.status(500), operation: .jobs)]
        } story: { session async throws in
            #expect(try await session.get("/jobs").status == 500)
            #expect(try await session.get(ServiceTests.recent(session, jobs: 1)).status == 200)
        }
    }

    @Test("half an answer is the first half of the right one, with its own length; malformed has no colon")
    func spoiled() async throws {
        let whole = try await withSimulator { try await $0.get("/jobs?limit=2") }
        func spoiled(_ effect: Fault.Effect) async throws -> Session.Answer {
            try await withSimulator {
                $0.faults = [Fault(effect)]
            } story: {
                try await $0.get("/jobs?limit=2")
            }
        }
        let half = try await spoiled(.half)
        #expect(whole.text.hasPrefix(half.text) && half.text.utf8.count == (whole.text.utf8.count + 1) / 2)
        #expect(half.headers["content-length"] == "\(half.text.utf8.count)")
        #expect(try await spoiled(.malformed).text == whole.text.replacing(":", with: "="))
    }

    @Test("a skew moves the service's clock, and a small one refuses no signature")
    func clock() async throws {
        let answer = try await withSimulator {
            $0.faults = [Fault(.skew(.seconds(120)))]
        } story: {
            try await $0.get("/jobs?limit=1")
        }
        #expect(answer.status == 200 && HTTPDate.moment(answer.headers["date"] ?? "") == 1_793_693_165_000)
    }

    @Test("a token is valid until the second in which it expires")
    func tokenExpiry() throws {
        let key = try Keys.stranger.get()
        let token = try Keys.issuer.get().token(
            user: "u", tenancy: "t", publicKeyPEM: key.publicKey.pemRepresentation, issuedAt: tuesday,
            expiresAt: Date(timeIntervalSince1970: 1_793_700_000))
        _ = try Keys.issuer.get().session(of: token[...], at: 1_793_699_999_999)
        #expect(throws: APIError.self) { try Keys.issuer.get().session(of: token[...], at: 1_793_700_000_000) }
    }

    @Test("a retry token is remembered for a day, and no longer")
    func retryTokens() {
        var changes = RunChanges()
        let run = SimulatedRunKey(job: 0, slot: 1, number: 2)
        changes.remember("a", .init(request: "r", run: run, at: 1_000))
        #expect(changes.answered("a", at: 86_400_999)?.run == run && changes.answered("b", at: 1_000) == nil)
        #expect(changes.answered("a", at: 86_401_000) == nil)
        changes.remember("b", .init(request: "s", run: run, at: 86_400_999))
        #expect(changes.answered("a", at: 2_000) != nil, "still remembered")
        changes.remember("c", .init(request: "s", run: run, at: 86_401_000))
        #expect(changes.answered("a", at: 2_000) == nil, "forgotten for good")
    }

    @Test("a run changes its status at the exact moment of its timeline")
    func changes() throws {
        let timeline = RunTimeline(
            waits: [.init(status: .pending, length: 10), .init(status: .queued, length: 5)], running: 20, canceling: 7,
            outcome: .canceled)
        let attempts = [Attempt(created: 100, timeline: timeline)]
        func run(at moment: Milliseconds) -> SimulatedRun? {
            SimulatedRun(
                key: SimulatedRunKey(job: 0, slot: 0, number: 0), launch: .scheduled, attempts: attempts, at: moment)
        }
        #expect(run(at: 99) == nil)
        let expected: [(Milliseconds, Status, updated: Milliseconds, started: Milliseconds?, ended: Milliseconds?)] = [
            (100, .pending, 100, nil, nil), (109, .pending, 100, nil, nil), (110, .queued, 110, nil, nil),
            (114, .queued, 110, nil, nil), (115, .running, 115, 115, nil), (134, .running, 115, 115, nil),
            (135, .canceling, 135, 115, nil), (141, .canceling, 135, 115, nil), (142, .canceled, 142, 115, 142),
        ]
        for (moment, status, updated, started, ended) in expected {
            let run = try #require(run(at: moment))
            #expect(run.status == status && run.updated == updated, "\(moment)")
            #expect(run.started == started && run.ended == ended, "\(moment)")
            #expect(run.duration == started.map { (ended ?? moment) - $0 }, "\(moment)")
        }
    }

    @Test("schedules cut time into slots without gap or overlap, before the first one too")
    func slots() {
        let schedules: [SlotSchedule] = [
            .every(period: 1_000, phase: 300), .bursts(cycle: 10_000, count: 3, step: 500, phase: 700),
        ]
        for schedule in schedules {
            for slot in -7...20 {
                let (start, length) = (schedule.start(of: slot), schedule.length(of: slot))
                #expect(length > 0 && schedule.start(of: slot + 1) == start + length)
                #expect(schedule.slot(at: start) == slot && schedule.slot(at: start + length - 1) == slot)
                let later = schedule.later(by: 40)
                #expect(later.start(of: slot) == start + 40 && later.length(of: slot) == length)
            }
        }
        #expect(schedules[1].length(of: 0) == 500 && schedules[1].length(of: 2) == 9_000)
    }
}
