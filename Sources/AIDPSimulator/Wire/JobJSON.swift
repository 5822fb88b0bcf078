/// Jobs and workspaces as JSON of the API.
extension JSONWriter {
    /// `JobSummary`.
    mutating func jobSummary(_ job: Job) {
        object { writer in
            writer.summaryFields(of: job)
            writer.field("clusters") { $0.array([job.cluster]) { $0.string($1) } }
        }
    }

    /// `Job`: the summary's fields and those that only a single job has.
    mutating func job(_ job: Job, in world: World) {
        object { writer in
            writer.summaryFields(of: job)
            writer.field("description", job.upstream.map { "Runs after \(world.jobs[$0].name)." })
            writer.field("maxConcurrentRuns", 1)
            writer.field("timeoutSeconds", job.timeoutSeconds)
            writer.field("parameters") { $0.parameters([RunParameter(name: "cluster", value: job.cluster)]) }
            if job.launch != .scheduled {
                writer.field("continuous") { $0.object { $0.field("pauseStatus", "PAUSED") } }
            }
            writer.field("tasks") { $0.array(job.tasks) { $0.task($1, of: job) } }
        }
    }

    /// `Task`.
    mutating func task(_ plan: TaskPlan, of job: Job) {
        object { writer in
            writer.field("type", plan.kind.rawValue)
            writer.field("taskKey", plan.key)
            writer.field("maxRetries", 2)
            writer.field("dependsOn") { writer in
                writer.array(plan.after) { writer, place in
                    writer.object { $0.field("taskKey", job.tasks[place].key) }
                }
            }
        }
    }

    private mutating func summaryFields(of job: Job) {
        let created = CivilTime(job.created).rfc3339
        field("key", job.key)
        field("name", job.name)
        field("path", job.path)
        field("createdBy", job.owner.ocid)
        field("createdByName", job.owner.name)
        field("updatedBy", job.owner.ocid)
        field("updatedByName", job.owner.name)
        field("runAs", job.owner.ocid)
        field("timeCreated", created)
        field("timeUpdated", created)
        field("jobClusters") { writer in
            writer.array([job.cluster]) { writer, cluster in
                writer.object { writer in
                    writer.field("clusterKey", cluster)
                    writer.field("clusterName", cluster)
                }
            }
        }
        guard job.launch == .scheduled else { return }
        field("schedule") { writer in
            writer.object { writer in
                writer.field("quartzCronExpression", job.cron)
                writer.field("timezoneId", "UTC")
                writer.field("pauseStatus", "UNPAUSED")
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
