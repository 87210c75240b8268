package dev.modelsigning.spark;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Divides chunks among tasks: the longest chunks first, each to the task that has least. A task is
 * worth its start, which takes some hundredths of a second, and no longer than a loss can be borne;
 * a single chunk is never divided.
 */
final class Plan {

  /** What a task reads at least, unless cores would have nothing to do. */
  static final long TASK = 256L << 20;

  /** What a task reads at least in any case. */
  private static final long LEAST = 16L << 20;

  /** How many tasks there are for each core, at most. */
  private static final int TASKS_FOR_A_CORE = 16;

  private Plan() {}

  /** The chunks of one task. */
  private static final class Task {
    private final List<Chunk> chunks = new ArrayList<>();
    private long cost;

    long cost() {
      return cost;
    }

    void add(Chunk chunk) {
      chunks.add(chunk);
      cost += chunk.cost();
    }
  }

  /**
   * Divides chunks.
   *
   * @param cores the number of cores that there are, at least 1
   * @return the chunks of each task, none of them empty; the task that takes longest is the first
   */
  static List<List<Chunk>> of(List<Chunk> chunks, int cores) {
    int count = tasks(chunks, cores);
    PriorityQueue<Task> queue = new PriorityQueue<>(Comparator.comparingLong(Task::cost));
    for (int i = 0; i < count; i++) {
      queue.add(new Task());
    }
    List<Chunk> longest = new ArrayList<>(chunks);
    longest.sort(Comparator.comparingLong(Chunk::cost).reversed());
    for (Chunk chunk : longest) {
      Task least = queue.remove();
      least.add(chunk);
      queue.add(least);
    }
    return queue.stream()
        .filter(task -> !task.chunks.isEmpty())
        .sorted(Comparator.comparingLong(Task::cost).reversed())
        .map(task -> task.chunks)
        .toList();
  }

  private static int tasks(List<Chunk> chunks, int cores) {
    long cost = 0;
    for (Chunk chunk : chunks) {
      cost += chunk.cost();
    }
    long most = (long) cores * TASKS_FOR_A_CORE;
    long wanted = Math.min(most, cost / TASK + 1);
    long busy = Math.min(cores, cost / LEAST + 1);
    return (int) Math.min(chunks.size(), Math.max(wanted, busy));
  }
}
