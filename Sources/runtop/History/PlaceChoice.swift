import AIDP
import ArgumentParser
import Foundation
import History
import Runs
import Screen

/// Finds the place whose runs a command reads or writes, for `--place`.
struct PlaceChoice {
    /// The places of the history, each with its name.
    let known: [(place: Place, name: String)]
    /// The instance and the workspace from the environment or the settings file.
    var configured: Place?

    /// A place, and its name, if it has one.
    struct Chosen: Equatable {
        var place: Place
        var name: String?
    }

    /// The place for imported runs: the named one, else the configured one, else the only known one. If there is none,
    /// a new place with the name “imported”.
    func forImport(_ name: String?) throws(CommandFailure) -> Chosen {
        if let name { return try known(name) ?? Self.new(name) }
        if let configured {
            return known.first { $0.place == configured }.map(Self.chosen) ?? Chosen(place: configured)
        }
        guard known.count <= 1 else { throw severalPlaces }
        return known.first.map(Self.chosen) ?? Self.new("imported")
    }

    /// The place of exported runs: the named one, else the only known one, else the configured one if it is known.
    func forExport(_ name: String?) throws(CommandFailure) -> Place {
        if let name {
            if let chosen = try known(name) { return chosen.place }
            throw CommandFailure(
                .noInput, "The history has no place “\(name)”.", advice: "It has: \(list).")
        }
        if known.count == 1 { return known[0].place }
        if let configured, known.contains(where: { $0.place == configured }) { return configured }
        guard known.isEmpty else { throw severalPlaces }
        throw CommandFailure(.noInput, "The history is empty.")
    }

    /// The known place with this name, this workspace key, or this `instance/workspace`.
    ///
    /// - Throws: ``CommandFailure`` if several places match.
    private func known(_ name: String) throws(CommandFailure) -> Chosen? {
        let matching = known.filter { place, placeName in
            placeName == name || place.workspaceKey == name || "\(place.instanceID)/\(place.workspaceKey)" == name
        }
        guard matching.count <= 1 else {
            throw CommandFailure(
                .usage, "Several places are “\(name)”.",
                advice: "Give the instance and the workspace with --place INSTANCE/WORKSPACE: \(list).")
        }
        return matching.first.map(Self.chosen)
    }

    /// A known place. The name of a place without one is its workspace's key.
    private static func chosen(_ known: (place: Place, name: String)) -> Chosen {
        Chosen(place: known.place, name: known.name == known.place.workspaceKey ? nil : known.name)
    }

    /// A new place. An OCID and a workspace key identify a real place, which the dashboard will find.
    private static func new(_ name: String) -> Chosen {
        if name.hasPrefix("ocid1."), let slash = name.firstIndex(of: "/") {
            let workspace = String(name[name.index(after: slash)...])
            return Chosen(place: Place(instanceID: String(name[..<slash]), workspaceKey: workspace))
        }
        return Chosen(place: Place(instanceID: "", workspaceKey: name), name: name)
    }

    private var severalPlaces: CommandFailure {
        CommandFailure(.usage, "The history has several places: \(list).", advice: "Choose one with --place.")
    }

    /// The names of the places, as `--place` accepts them.
    private var list: String {
        let shown = known.prefix(10).map { place, name in
            known.count { $0.name == name } == 1 ? name : "\(place.instanceID)/\(place.workspaceKey)"
        }
        return shown.joined(separator: ", ") + (known.count > shown.count ? ", …" : "")
    }
}

extension PlaceChoice {
    /// The choice with the places of a history, and the place in the environment or the settings file.
    static func of(
        _ history: SQLiteHistory, settings: String?, environment: [String: String]
    ) async throws -> PlaceChoice {
        let file = try SettingsFile.load(named: settings, environment: environment)
        let address = ConnectionSettings(try ConnectionOptions.parse([]), environment: environment, file: file).address
        var configured: Place?
        if case .success(let address) = address, let workspace = address.workspaceKey {
            configured = Place(instanceID: address.instanceID, workspaceKey: workspace)
        }
        return PlaceChoice(known: try await history.places(), configured: configured)
    }
}
