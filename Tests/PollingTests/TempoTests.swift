import AIDP
import Runs
import Testing

@testable import Polling

@Suite("Tempo")
struct TempoTests {
    private func simulation(_ latency: Duration, jobs: Int = 100) -> PlanSimulation {
        var simulation = PlanSimulation(PollingSettings(scope: .jobs(jobIDs(jobs)))) { _, _ in .runs(active: []) }
        simulation.latency = latency
        return simulation
    }

    @Test("the first cycle is as fast as possible, later ones send one request at a time")
    func oneAtATime() {
        var simulation = simulation(.milliseconds(120))
        simulation.run(cycles: 1)
        #expect(simulation.mostUnderWay == 4)
        simulation.forgetMost()
        simulation.run(until: .seconds(600))
        #expect(simulation.ended.count > 35)
        #expect(simulation.mostUnderWay == 1)
    }

    @Test(
        "a slow service gets parallel requests, so that a cycle finishes within its interval",
        arguments: [
            (1.0, 2...4), (3.0, 4...4), (8.0, 4...4),
        ])
    func slow(seconds: Double, expected: ClosedRange<Int>) {
        var simulation = simulation(.seconds(seconds))
        simulation.run(cycles: 1)
        simulation.forgetMost()
        simulation.run(until: .seconds(600))
        #expect(expected.contains(simulation.mostUnderWay), "\(simulation.mostUnderWay)")
        if seconds < 2 { #expect(simulation.ended.count > 35, "no cycle is late") }
    }

    @Test("a missing answer delays the others briefly, not until its timeout")
    func hanging() {
        var tempo = Tempo(target: .seconds(8), began: .zero)
        tempo.began(at: .zero)
        tempo.ended(at: .milliseconds(100))
        tempo.began(at: .milliseconds(100))
        #expect(tempo.opening(waiting: 15) == .milliseconds(500))
        #expect(Tempo(target: nil, began: .seconds(3)).opening(waiting: 9) == .seconds(3))
    }

    @Test("starts another request when the remaining ones would take longer than the target")
    func openings() {
        var tempo = Tempo(target: .seconds(12), began: .zero)
        #expect(tempo.opening(waiting: 3) == .zero, "nothing is under way")
        tempo.began(at: .zero)
        #expect(tempo.opening(waiting: 3) == .seconds(3), "no answer yet: as if the first took its share")
        tempo.began(at: .seconds(1))
        tempo.ended(at: .seconds(2))
        tempo.began(at: .seconds(2))
        // An answer took three seconds of two requests' time; two are under way, four wait.
        #expect(tempo.opening(waiting: 4) == .milliseconds(2500))
        #expect(tempo.opening(waiting: 100) == .seconds(2), "at once")
        #expect(tempo.opening(waiting: 0) == .seconds(2))
        tempo.ended(at: .seconds(4))
        tempo.ended(at: .seconds(4))
        #expect(tempo.opening(waiting: 4) == .seconds(4))
    }
}
