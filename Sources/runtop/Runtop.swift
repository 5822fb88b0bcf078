import ArgumentParser
import AsyncHTTPClient
import Hummingbird
import Logging

@main
struct Runtop: AsyncParsableCommand {
    func run() async throws {}
}
