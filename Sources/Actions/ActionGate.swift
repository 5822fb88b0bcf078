import Runs

/// The one way to permission: everything that changes a run passes here, whatever key, command or option asked for it.
///
/// It stands where effects are carried out. Only it can make a ``PermittedAction``, and nothing else can be sent
/// (``ActionService``).
package struct ActionGate: Sendable {
    /// Whether actions were allowed, by the settings file or the command line.
    package let allowsActions: Bool
    /// The place of this session: nothing is sent to another.
    package let place: Place
    /// Whether its name must be typed.
    package let isProtected: Bool
    /// The name to type: what the screen calls the place.
    package var placeName: String

    package init(allowsActions: Bool, place: Place, placeName: String, isProtected: Bool = false) {
        self.allowsActions = allowsActions
        self.place = place
        self.placeName = placeName
        self.isProtected = isProtected
    }

    /// Permission for an action, or why there is none.
    package func permission(for request: ActionRequest) throws(GateRefusal) -> PermittedAction {
        try check(request.action.target.place, request.confirmation)
        return PermittedAction(request.action)
    }

    /// Refuses a change in a place that is not allowed: for what changes something in another way than by an action.
    package func check(_ place: Place, _ confirmation: ActionConfirmation) throws(GateRefusal) {
        guard allowsActions else { throw .notAllowed }
        guard place == self.place else { throw .otherPlace }
        guard isProtected else { return }
        guard [.placeName(placeName), .placeName(place.workspaceKey)].contains(confirmation) else {
            throw .nameNotTyped(placeName)
        }
    }
}

/// An action that the gate has let through.
package struct PermittedAction: Sendable {
    package let action: RunAction

    fileprivate init(_ action: RunAction) { self.action = action }
}

/// Why the gate lets an action through not: nothing was sent.
package enum GateRefusal: Error, Hashable, Sendable {
    case notAllowed
    case otherPlace
    case nameNotTyped(String)

    package var problem: String {
        switch self {
        case .notAllowed: "Actions are off: nothing was sent."
        case .otherPlace: "The target is in another place than this session: nothing was sent."
        case .nameNotTyped(let name): "\(name) is protected, and its name was not given: nothing was sent."
        }
    }

    package var advice: String {
        switch self {
        case .notAllowed: "To allow them, set “actions: true” in the settings file, or give --allow-actions."
        case .otherPlace: "Start runtop for that place."
        case .nameNotTyped: "Type its name at the prompt, or give --confirm-place NAME."
        }
    }
}
