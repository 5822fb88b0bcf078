import AIDPClient
import Polling
import Screen

/// What a refresh could not bring: told on standard error, so that the output stays what the service sent.
struct RefreshReport {
    let refresh: Refresh

    init(_ refresh: Refresh) { self.refresh = refresh }

    /// Tells it, and gives the status to exit with; `nil` when nothing failed.
    func tell() -> ExitStatus? {
        for error in refresh.errors {
            StandardError.write("runtop: \(error.summary)")
            if error.attempts > 1 { StandardError.write("        This was attempt \(error.attempts), the last.") }
            if !error.advice.isEmpty { StandardError.write("        \(error.advice)") }
            if let id = error.opcRequestID { StandardError.write("        opc-request-id \(id)") }
        }
        if !refresh.unanswered.isEmpty {
            StandardError.write(
                "runtop: \(refresh.unanswered.count) of \(refresh.jobs.count) jobs were not answered; their runs are unknown."
            )
        }
        if refresh.flaws > 0 { StandardError.write("runtop: \(refresh.flaws) fields or items could not be read.") }
        for note in refresh.notes { StandardError.write("runtop: \(note)") }
        let answered = Set(refresh.runs.map(\.jobKey)).union(refresh.unanswered)
        let silent = refresh.jobs.filter { !answered.contains($0.key) }
        if !silent.isEmpty {
            StandardError.write(
                "runtop: no data for \(silent.count) of \(refresh.jobs.count) jobs: the service sent no runs.")
        }
        return refresh.errors.first.map(\.kind).map(status)
    }

    private func status(_ kind: ServiceError.Kind) -> ExitStatus {
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
