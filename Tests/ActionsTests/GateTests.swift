import Runs
import Testing

@testable import Actions

@Suite("The gate before actions")
struct GateTests {
    static let place = Place(instanceID: "instance", workspaceKey: "workspace")

    static func request(_ verb: RunAction.Verb, in place: Place = place, confirmed: ActionConfirmation = .yes)
        -> ActionRequest
    {
        let job = JobID(place: place, key: "job")
        let target = ActionTarget(job: job, jobName: "orders", run: RunID(job: job, key: "run"))
        return ActionRequest(RunAction(verb, of: target), confirmed: confirmed)
    }

    static let verbs: [RunAction.Verb] = [
        .repair(RunRepair()), .repair(RunRepair(.rerun, tasks: ["load"])), .trigger([]), .cancel,
    ]

    @Test("no action is permitted if actions are not allowed, whatever the confirmation", arguments: verbs)
    func closed(_ verb: RunAction.Verb) {
        let gate = ActionGate(allowsActions: false, place: Self.place, placeName: "prod")
        for confirmation in [ActionConfirmation.yes, .placeName("prod")] {
            #expect(throws: GateRefusal.notAllowed) {
                try gate.permission(for: Self.request(verb, confirmed: confirmation))
            }
        }
    }

    @Test("if actions are allowed, the permitted action is the requested one", arguments: verbs)
    func open(_ verb: RunAction.Verb) throws {
        let gate = ActionGate(allowsActions: true, place: Self.place, placeName: "prod")
        let request = Self.request(verb)
        #expect(try gate.permission(for: request).action == request.action)
    }

    @Test("an action in another place is refused")
    func otherPlace() {
        let gate = ActionGate(allowsActions: true, place: Self.place, placeName: "prod")
        for other in [
            Place(instanceID: "instance", workspaceKey: "test"), Place(instanceID: "other", workspaceKey: "workspace"),
        ] {
            #expect(throws: GateRefusal.otherPlace) { try gate.permission(for: Self.request(.cancel, in: other)) }
        }
    }

    @Test("a protected place needs its exact name")
    func protected() throws {
        let gate = ActionGate(allowsActions: true, place: Self.place, placeName: "prod", isProtected: true)
        for confirmation in [ActionConfirmation.yes, .placeName(""), .placeName("Prod"), .placeName("prod ")] {
            #expect(throws: GateRefusal.nameNotTyped("prod")) {
                try gate.permission(for: Self.request(.cancel, confirmed: confirmation))
            }
        }
        _ = try gate.permission(for: Self.request(.cancel, confirmed: .placeName("prod")))
    }
}
