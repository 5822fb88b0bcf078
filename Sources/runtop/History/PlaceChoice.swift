import AIDP
import ArgumentParser
import Foundation
import History
import Runs
import Screen

/// Whose runs a command reads or writes: what `--place` means.
struct PlaceChoice {
    /// The places of the history, each with its name.
    let known: [(place: Place, name: String)]
    /// The instance and the workspace of the environment or the settings file.
    var configured: Place?

    /// A place, and the name that a new one gets.
    struct Chosen: Equatable {
        var place: Place
        var name: String?
    }

    /// The place of runs that are imported: the named one; else the configured one; else the only one known. Without any,
    /// a new place named “imported”.
    func forImport(_ name: String?) throws(CommandFailure) -> Chosen {
        if let name { return try known(name) ?? Self.new(name) }
        if let configured { return Chosen(place: configured) }
        guard known.count <= 1 else { throw severalPlaces }
        return known.first.map { Chosen(place: $0.place) } ?? Self.new("imported")
    }

    /// The place of runs that are exported: the named one; else the only one known; else the configured one, if known.
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

    /// The known place of a name, a workspace's key, or an instance and a workspace with `/` between.
    ///
    /// - Throws: ``CommandFailure`` when several have that name.
    private func known(_ name: String) throws(CommandFailure) -> Chosen? {
        let matching = known.filter { place, placeName in
            placeName == name || place.workspaceKey == name || "\(place.instanceID)/\(place.workspaceKey)" == name
        }
        guard matching.count <= 1 else {
            throw CommandFailure(
                .usage, "Several places are “\(name)”.",
                advice: "Give the instance and the workspace with --place INSTANCE/WORKSPACE: \(list).")
        }
        return matching.first.map { Chosen(place: $0.place) }
    }

    /// A place that is not known yet. An OCID and a workspace's key are those of a real one, which the dashboard will find.
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

    /// The places, each as `--place` takes it.
    private var list: String {
        let shown = known.prefix(10).map { place, name in
            known.count { $0.name == name } == 1 ? name : "\(place.instanceID)/\(place.workspaceKey)"
        }
        return shown.joined(separator: ", ") + (known.count > shown.count ? ", …" : "")
    }
}

extension PlaceChoice {
    /// The choice among the places of a history, and what the environment and the settings file name.
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
