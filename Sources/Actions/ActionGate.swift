import Runs

/// Decides whether an action is allowed. All keys, commands and options that change a run pass here.
///
/// It is called where effects are carried out. Only the gate can create a ``PermittedAction``, and ``ActionService``
/// sends nothing else.
package struct ActionGate: Sendable {
    /// Whether the settings file or the command line allows actions.
    package let allowsActions: Bool
    /// The place of this session. Actions in other places are refused.
    package let place: Place
    /// Whether the user must type the name of the place.
    package let isProtected: Bool
    /// The name to type, as the screen shows it.
    package var placeName: String

    package init(allowsActions: Bool, place: Place, placeName: String, isProtected: Bool = false) {
        self.allowsActions = allowsActions
        self.place = place
        self.placeName = placeName
        self.isProtected = isProtected
    }

    /// Permits an action, or throws why not.
    package func permission(for request: ActionRequest) throws(GateRefusal) -> PermittedAction {
        try check(request.action.target.place, request.confirmation)
        return PermittedAction(request.action)
    }

    /// Throws if changes to the place are not allowed. Call it for changes that are not actions.
    package func check(_ place: Place, _ confirmation: ActionConfirmation) throws(GateRefusal) {
        guard allowsActions else { throw .notAllowed }
        guard place == self.place else { throw .otherPlace }
        guard isProtected else { return }
        guard [.placeName(placeName), .placeName(place.workspaceKey)].contains(confirmation) else {
            throw .nameNotTyped(placeName)
        }
    }
}

/// An action that the gate has permitted.
package struct PermittedAction: Sendable {
    package let action: RunAction

    fileprivate init(_ action: RunAction) { self.action = action }
}

/// Why the gate refused an action. Nothing was sent.
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
