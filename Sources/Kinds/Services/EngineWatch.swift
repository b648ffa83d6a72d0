import Base
import HostInterfaces

/// One watch over all containers of a project: the engine's events say when to look, and every few seconds it is
/// looked anyway, because an event stream can break without a word.
struct EngineWatch {
    let engine: ServiceEngine
    let context: NodeContext

    /// Looks no sooner than this after the last look: twenty services that start make a hundred events.
    private static let pause = Duration.milliseconds(30)
    private static let beat = Duration.milliseconds(500)
    /// Beats between looks while events come in, and while none do.
    private static let beatsBetweenLooks = (listening: 10, deaf: 2)
    /// So many beats after an event each is a look: what happened before the stream was open has no event.
    private static let watchfulBeats = 4

    /// Runs until the task is cancelled.
    func run() async {
        enum Tick { case event, beat }
        let (ticks, tick) = AsyncStream<Tick>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let clock = context.host.clock
        let isListening = Flag()
        tick.yield(.event)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    if let client = try? await engine.found(context).client {
                        isListening.set(true)
                        await client.watch(projects: context.workspace.projectNames) {
                            tick.yield(.event)
                            return !Task.isCancelled
                        }
                        isListening.set(false)
                    }
                    try? await clock.sleep(for: Self.beat)
                }
            }
            group.addTask {
                while !Task.isCancelled {
                    try? await clock.sleep(for: Self.beat)
                    tick.yield(.beat)
                }
            }
            group.addTask {
                var last: [ContainerState]?
                var beats = 0
                for await tick in ticks {
                    beats = tick == .beat ? beats + 1 : 0
                    let between = isListening.value ? Self.beatsBetweenLooks.listening : Self.beatsBetweenLooks.deaf
                    if beats <= Self.watchfulBeats || beats % between == 0 {
                        last = (try? await engine.containers(context, within: 0)) ?? last
                    }
                    if let last { await engine.publish(last) }
                    try? await clock.sleep(for: Self.pause)
                }
            }
            await group.next()
            group.cancelAll()
        }
    }
}
