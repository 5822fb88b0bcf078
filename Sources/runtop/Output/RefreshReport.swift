import AIDP
import Polling
import Runs
import Screen

/// Reports the errors and gaps of a refresh on standard error, so that the output contains only what the service sent.
struct RefreshReport {
    let refresh: Refresh
    let scope: PollingSettings.Scope
    /// Receives the lines.
    let write: (SafeText) -> Void

    /// Prints the report, and returns the exit status; `nil` without errors.
    func print() -> ExitStatus? {
        for error in refresh.errors {
            write("runtop: \(error.summary)")
            if error.attempts > 1 { write("        This was attempt \(error.attempts), the last.") }
            if !error.advice.isEmpty { write("        \(error.advice)") }
            if let id = error.opcRequestID { write("        opc-request-id \(id)") }
        }
        if !refresh.unanswered.isEmpty {
            write(
                "runtop: \(refresh.unanswered.count) of \(refresh.jobs.count) jobs were not answered; their runs are unknown."
            )
        }
        if refresh.flaws > 0 { write("runtop: \(refresh.flaws) fields or items could not be read.") }
        for note in refresh.notes { write("runtop: \(note)") }
        let isMissing = printMissing()
        return refresh.errors.first.map { ExitStatus($0.kind) } ?? (isMissing ? .noInput : nil)
    }

    /// Prints the jobs without runs. Returns whether any of them was requested explicitly.
    private func printMissing() -> Bool {
        if refresh.jobs.isEmpty, refresh.errors.isEmpty {
            guard case .workspace(let name?) = scope else {
                write("runtop: the workspace lists no jobs.")
                return false
            }
            write("runtop: no job has a name that contains “\(name)”.")
            return true
        }
        let answered = Set(refresh.runs.map(\.job)).union(refresh.unanswered)
        let silent = refresh.jobs.filter { !answered.contains($0.id) }
        guard !silent.isEmpty else { return false }
        write("runtop: no data for \(silent.count) of \(refresh.jobs.count) jobs: the service sent no runs.")
        guard case .keys = scope else { return false }
        let shown = silent.prefix(Self.mostKeys).map { SafeText($0.id.key) }
        let more: SafeText = silent.count > shown.count ? " and \(silent.count - shown.count) more" : ""
        write("        Check --job-key: \(shown.joined(separator: ", "))\(more).")
        return true
    }

    private static let mostKeys = 5
}

extension ExitStatus {
    /// The exit status for a failed request.
    init(_ kind: ServiceError.Kind) {
        self =
            switch kind {
            case .invalidRequest, .badRequest, .uriTooLong: .usage
            case .credentials: .configuration
            case .expiredToken, .clockSkew, .unauthorized, .proxyAuthentication, .forbidden, .notFound: .noPermission
            case .rateLimited, .timedOut, .cancelled: .temporaryFailure
            case .malformedResponse, .responseTooLarge, .unexpectedStatus: .protocolError
            case .server, .nameResolution, .connectionRefused, .proxy, .connectionLost, .tls: .unavailable
            }
    }
}
