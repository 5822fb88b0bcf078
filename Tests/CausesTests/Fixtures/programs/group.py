import asyncio
async def load(n):
    await asyncio.sleep(0)
    if n: raise ValueError(f"partition {n} has no header")
async def main():
    async with asyncio.TaskGroup() as g:
        for n in range(3): g.create_task(load(n))
asyncio.run(main())
