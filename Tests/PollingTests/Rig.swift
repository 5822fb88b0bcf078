import Foundation
import Runs
import TestSupport

@testable import Polling

/// A poller on a clock that stands still, and the events it reports.
struct Rig {
    let clock = TestClock()
    let wall = Shared(Date(timeIntervalSince1970: 1_800_000_000))
    let poller: Poller
    let running: Task<Void, Never>
    let events: EventReader

    init(
        _ service: FakeService, _ settings: PollingSettings,
        workspaceName: (@Sendable () async -> String?)? = nil
    ) {
        let wall = wall
        let poller = Poller(
            service: service, place: .test, settings: settings, clock: clock, now: { wall.value },
            random: { ($0.lowerBound + $0.upperBound) / 2 }, workspaceName: workspaceName)
        self.poller = poller
        running = Task { await poller.run() }
        events = EventReader(poller.events)
    }

    /// Both clocks go on.
    func advance(by duration: Duration) {
        wall.change { $0 += duration / .seconds(1) }
        clock.advance(to: clock.now.offset + duration)
    }

    func stop() async {
        running.cancel()
        await running.value
    }
}

/// Reads events up to one that is waited for; a minute at the most.
actor EventReader {
    private let stream: AsyncStream<PollEvent>

    init(_ stream: AsyncStream<PollEvent>) { self.stream = stream }

    /// The events from where the last call ended, to the first for which `isLast` holds.
    func until(_ isLast: @escaping @Sendable (PollEvent) -> Bool) async throws -> [PollEvent] {
        try await withThrowingTaskGroup(of: [PollEvent].self) { group in
            group.addTask { [stream] in
                var events: [PollEvent] = []
                for await event in stream {
                    events.append(event)
                    if isLast(event) { return events }
                }
                throw Missed(events: events)
            }
            group.addTask {
                try await Task.sleep(for: .seconds(60))
                throw Missed(events: [])
            }
            defer { group.cancelAll() }
            return try await group.next() ?? []
        }
    }

    /// To the phase that follows a cycle.
    func untilIdle() async throws -> [PollEvent] {
        try await until { event in
            switch event {
            case .phase(.waiting), .phase(.backingOff), .phase(.paused): true
            default: false
            }
        }
    }
}

struct Missed: Error {
    let events: [PollEvent]
}

extension [PollEvent] {
    /// The requests that failed for good, or were given up.
    var failures: [RequestFailure] {
        compactMap { event in
            switch event {
            case .runsFailed(let error, _, _), .jobListFailed(let error, _): error
            default: nil
            }
        }
    }
    var reports: [CycleReport] {
        compactMap { if case .cycleEnded(let report) = $0 { report } else { nil } }
    }
    var rows: [JobRun] {
        flatMap { event -> [JobRun] in if case .runs(let runs, _, _) = event { runs } else { [] } }
    }
    var phases: [PollerPhase] { compactMap { if case .phase(let phase) = $0 { phase } else { nil } } }
    var jobLists: [[Job]] { compactMap { if case .jobsListed(let jobs, _) = $0 { jobs } else { nil } } }
}
