/// Jobs and workspaces as the API spells them.
extension JSONWriter {
    /// `JobSummary`.
    mutating func jobSummary(_ job: Job) {
        let created = CivilTime(job.created).rfc3339
        object { writer in
            writer.field("key", job.key)
            writer.field("name", job.name)
            writer.field("path", job.path)
            writer.field("createdBy", job.owner.ocid)
            writer.field("createdByName", job.owner.name)
            writer.field("updatedBy", job.owner.ocid)
            writer.field("updatedByName", job.owner.name)
            writer.field("runAs", job.owner.ocid)
            writer.field("timeCreated", created)
            writer.field("timeUpdated", created)
            writer.field("clusters") { $0.array([job.cluster]) { $0.string($1) } }
            guard job.launch == .scheduled else { return }
            writer.field("schedule") { writer in
                writer.object { writer in
                    writer.field("quartzCronExpression", job.cron)
                    writer.field("timezoneId", "UTC")
                    writer.field("pauseStatus", "UNPAUSED")
                }
            }
        }
    }

    /// `WorkspaceSummary`.
    mutating func workspaceSummary(key: String, name: String, owner: Person) {
        object { writer in
            writer.field("key", key)
            writer.field("displayName", name)
            writer.field("type", "USER")
            writer.field("lifecycleState", "ACTIVE")
            writer.field("createdBy", owner.ocid)
            writer.field("createdByName", owner.name)
            writer.field("timeCreated", CivilTime(1_735_689_600_000).rfc3339)
            writer.field("timeUpdated", CivilTime(1_735_689_600_000).rfc3339)
        }
    }
}
