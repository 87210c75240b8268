package dev.modelsigning.policy.internal.tree;

import dev.modelsigning.policy.problem.MalformedPolicyException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What is wrong with a policy. Either the first ends the reading, or they are collected, so that
 * whoever writes a policy sees all at once. What was read counts only if there is none.
 */
public final class Refusals {

  /** So many are collected; then the reading ends. */
  public static final int MOST = 100;

  private final boolean collecting;
  private final List<MalformedPolicyException> all = new ArrayList<>();

  private Refusals(boolean collecting) {
    this.collecting = collecting;
  }

  /** The first is thrown. */
  public static Refusals thrown() {
    return new Refusals(false);
  }

  /** All are collected, up to {@link #MOST}. */
  public static Refusals collected() {
    return new Refusals(true);
  }

  /** Reads a part of a policy. */
  @FunctionalInterface
  public interface Part<T> {
    /** Returns what it says, or refuses it. */
    T read() throws MalformedPolicyException;
  }

  /**
   * Notes a refusal; one that was noted before is the same.
   *
   * @throws MalformedPolicyException this refusal, if it ends the reading
   */
  public void add(MalformedPolicyException refusal) throws MalformedPolicyException {
    if (!all.contains(refusal)) {
      all.add(refusal);
    }
    if (!collecting || isFull()) {
      throw refusal;
    }
  }

  /**
   * Reads a part that says nothing about what comes after it, so that its refusal does not end the
   * reading.
   *
   * @param otherwise what stands for it if it is refused, with which nothing is decided
   */
  public <T> T attempt(T otherwise, Part<T> part) throws MalformedPolicyException {
    try {
      return part.read();
    } catch (MalformedPolicyException e) {
      add(e);
      return otherwise;
    }
  }

  /** How many there are. */
  public int count() {
    return all.size();
  }

  /** Whether the reading ended because there are too many. */
  public boolean isFull() {
    return all.size() >= MOST;
  }

  /** All that were found, in the order of their lines. */
  public List<MalformedPolicyException> all() {
    return all.stream().sorted(Comparator.comparingInt(MalformedPolicyException::line)).toList();
  }
}
