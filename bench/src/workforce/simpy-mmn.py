"""M/M/n in SimPy, written as its documentation writes a bank with counters: one process for the source, one for each call.

Prints one line of JSON: calls, processor seconds, mean wait, share answered within 20 s. Times are in seconds.
"""

import json
import random
import sys
import time

import simpy


def call(env, agents, talk_rate, seen, rng):
    arrived = env.now
    with agents.request() as request:
        yield request
        wait = env.now - arrived
        seen["waited"] += wait
        if wait <= 20:
            seen["in_target"] += 1
        yield env.timeout(rng.expovariate(talk_rate))


def source(env, agents, calls, arrival_rate, talk_rate, seen, rng):
    for _ in range(calls):
        yield env.timeout(rng.expovariate(arrival_rate))
        env.process(call(env, agents, talk_rate, seen, rng))


def main():
    count, calls_per_hour, talk_s, calls, seed = (float(word) for word in sys.argv[1:6])
    rng = random.Random(int(seed))
    env = simpy.Environment()
    agents = simpy.Resource(env, capacity=int(count))
    seen = {"waited": 0.0, "in_target": 0}
    env.process(source(env, agents, int(calls), calls_per_hour / 3600, 1 / talk_s, seen, rng))
    begun, begun_wall = time.process_time(), time.perf_counter()
    env.run()
    print(
        json.dumps(
            {
                "calls": int(calls),
                "processorS": time.process_time() - begun,
                "wallS": time.perf_counter() - begun_wall,
                "meanWaitS": seen["waited"] / calls,
                "inTarget": seen["in_target"] / calls,
                "version": simpy.__version__,
            }
        )
    )


main()
