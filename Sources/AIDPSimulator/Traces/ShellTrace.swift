/// A shell script: its whole output, with colours and the carriage returns of a progress bar.
func shellFailure(job: Job, at moment: Milliseconds, dice: inout Dice) -> Failure {
    let clock = CivilTime(moment).clock
    let files = 30 + dice.below(200)
    let reached = 5 + dice.below(files - 10)
    let (code, error) = dice.pick([
        (1, "sftp: connect to host transfer.partner.example port 22: Connection timed out"),
        (23, "rsync error: some files/attrs were not transferred (see previous errors) (code 23) at main.c(1338)"),
        (28, "tar: write error: No space left on device"),
        (127, "./publish.sh: line 88: jq: command not found"),
        (137, "./publish.sh: line 61: 20417 Killed    sort -u -S 4G staged.csv > unique.csv"),
    ])
    var lines = [
        "\u{1B}[1m\u{1B}[34m==>\u{1B}[0m \(job.name) \u{1B}[2m(started \(clock) on \(job.cluster))\u{1B}[0m",
        "+ set -euo pipefail",
    ]
    for file in 1...reached {
        lines.append(
            "\u{1B}[32m ✓\u{1B}[0m part-\(file.padded(5)).csv.gz  \(dice.below(900)) KiB  "
                + "\rprogress: \(file * 100 / files)%\u{1B}[K")
    }
    lines += [
        "\u{1B}[33mwarning:\u{1B}[0m retrying in 5 s (attempt 2 of 3)",
        "\u{1B}[33mwarning:\u{1B}[0m retrying in 25 s (attempt 3 of 3)",
        "\u{1B}[1;31merror:\u{1B}[0m \(error)",
        "\u{1B}[41;97m FAILED \u{1B}[0m \(job.name) exited with status \u{1B}[1m\(code)\u{1B}[0m",
    ]
    return Failure(message: "Command exited with status \(code): \(error)", trace: lines.joined(separator: "\n"))
}
