import Dashboard
import Foundation
import Screen
import Terminal

/// Shows a text in one of the user's programs.
extension LiveDashboard {
    /// Runs the pager or the editor on the terminal, with the text in a private file. The file is removed afterwards,
    /// with any changes.
    func handOver(_ text: LongText, to program: ExternalProgram, name: String) {
        let environment = environment
        let (variables, standard) = program == .pager ? (["PAGER"], "less") : (["VISUAL", "EDITOR"], "vi")
        Task {
            let made: Result<HandedText, HandedText.Failure> = await Task.detached {
                do throws(HandedText.Failure) {
                    return .success(
                        try HandedText(
                            text.plainText, name: name, variables: variables, standard: standard,
                            environment: environment))
                } catch {
                    return .failure(error)
                }
            }.value
            switch made {
            case .failure(let failure): handle(.warning(failure.reason), paintWithin: 0)
            case .success(let handed): await show(handed)
            }
        }
    }

    private func show(_ handed: HandedText) async {
        self.handed = handed
        let end = await screen.handOver(to: handed.path, arguments: handed.arguments, environment: environment)
        handed.remove()
        self.handed = nil
        let name = URL(filePath: handed.path).lastPathComponent
        switch end {
        case .exited(127): handle(.warning("\(name) could not start: see what it printed above."), paintWithin: 0)
        case .exited: break
        case .signalled(let signal): handle(.warning("\(name) was ended by signal \(signal)."), paintWithin: 0)
        case .notStarted(let reason): handle(.warning("\(name) cannot be started: \(reason)."), paintWithin: 0)
        }
    }
}
