import AIDP
import Actions
import Dashboard
import Foundation
import Polling
import Runs

/// Carries out the actions of the dashboard. All of them pass the gate here.
extension LiveDashboard {
    /// After y, no other key may follow within this time; otherwise y is ignored.
    private static let quiet: Duration = .milliseconds(150)

    func carryOut(_ effect: ActionEffect) {
        switch effect {
        case .act(let requests): act(on: requests)
        case .askParameters(let target): askParameters(of: target)
        case .readJournal: readJournal()
        case .waitForQuiet(let number):
            Task {
                try? await Task.sleep(for: Self.quiet)
                show(.quiet(number))
            }
        }
    }

    private func show(_ event: ActionEvent) { handle(.action(event), paintWithin: 0.02) }

    /// Carries out the permitted actions, one after the other.
    private func act(on requests: [ActionRequest]) {
        guard let feed = actions else { return show(.notPermitted(GateRefusal.notAllowed.problem)) }
        var permitted: [PermittedAction] = []
        for request in requests {
            do throws(GateRefusal) {
                permitted.append(try feed.gate.permission(for: request))
            } catch {
                // If one action is refused, none is carried out, because the user confirmed them together.
                return show(.notPermitted("\(error.problem) \(error.advice)"))
            }
        }
        let sent = permitted
        Task { await carryOut(sent, feed) }
    }

    private func carryOut(_ permitted: [PermittedAction], _ feed: ActionFeed) async {
        for action in permitted {
            _ = await feed.sender.carryOut(action, placeName: feed.gate.placeName) { [weak self] record, problem in
                await self?.show(.record(record, journalProblem: problem))
            }
        }
    }

    private func askParameters(of target: ActionTarget) {
        guard let feed = actions else { return }
        Task {
            do throws(ServiceError) {
                let found = try await feed.parameters(of: target)
                show(.parameters(own: found.own, ofRun: found.ofRun, of: target))
            } catch {
                show(.parametersUnknown("Its parameters cannot be read: \(error.summary)", of: target))
            }
        }
    }

    private func readJournal() {
        guard let feed = actions else { return }
        Task {
            let contents = await feed.journal.contents()
            show(.journal(contents.records, note: contents.note))
        }
    }

    /// The user must type the place's name as the screen now shows it.
    func placeIsNamed(_ name: String) { actions?.gate.placeName = name }
}
