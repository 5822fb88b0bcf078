/// Why a request for jobs, runs or tasks failed, in the words of a screen.
///
/// It may quote the service, so it is made safe where it is shown.
package struct RequestFailure: Hashable, Sendable {
    /// What failed and why, one sentence: `recentJobRuns: 401 NotAuthenticated: The required information…`.
    package var summary: String
    /// The same for a line with room for a few words: `401 NotAuthenticated`.
    package var short: String
    /// What the operator can do, a sentence or two; empty when there is nothing to do but wait.
    package var advice: String
    /// The id under which the service knows the request, for a ticket.
    package var opcRequestID: String?

    package init(summary: String, short: String? = nil, advice: String = "", opcRequestID: String? = nil) {
        self.summary = summary
        self.short = short ?? summary
        self.advice = advice
        self.opcRequestID = opcRequestID
    }
}
