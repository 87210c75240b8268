package dev.modelsigning.manifest;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.text.CanonicalPath;
import dev.modelsigning.local.LocalDigester;
import dev.modelsigning.model.Digester;
import dev.modelsigning.model.Evidence;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.model.HashProgress;
import dev.modelsigning.model.Hashing;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * The settings for reading a model, both for signing and for verification.
 *
 * @param ignorePaths paths in the model that are left out, or may contain anything, including
 *     everything below them: relative to its root, {@code /} between components (OMS 6.2.1)
 * @param ignoreGitPaths whether git's own files at the root are ignored too (OMS 6.2)
 * @param allowSymlinks whether links to files are followed (OMS 6.1.1); empty for the default: not
 *     when signing, and when verifying if the signer allowed it
 * @param parallelism the largest number of threads, at least 1
 * @param progress the listener for progress
 * @param digester hashes the files that the model's source does not hash itself
 * @param evidence the accepted evidence for digests
 */
public record Reading(
    Set<String> ignorePaths,
    boolean ignoreGitPaths,
    Optional<Boolean> allowSymlinks,
    int parallelism,
    HashProgress progress,
    Digester digester,
    Set<Evidence> evidence) {

  private static final Reading DEFAULTS =
      new Reading(
          Set.of(),
          true,
          Optional.empty(),
          Runtime.getRuntime().availableProcessors(),
          HashProgress.NONE,
          LocalDigester.INSTANCE,
          Set.of(Evidence.READ));

  /**
   * Checks the paths and the number, and copies the sets.
   *
   * @throws IllegalArgumentException if a path is not canonical, or the parallelism not positive
   */
  public Reading {
    for (String path : ignorePaths) {
      String problem = CanonicalPath.problem(path);
      if (problem != null) {
        throw new IllegalArgumentException(
            "the path to ignore " + Printable.quote(path) + " " + problem + " (OMS 6.2.1)");
      }
    }
    if (parallelism < 1) {
      throw new IllegalArgumentException("at least one thread is needed, this is " + parallelism);
    }
    ignorePaths = Set.copyOf(ignorePaths);
    evidence = Set.copyOf(evidence);
  }

  /**
   * The default settings: git's paths are ignored, there is a thread for each processor, and only
   * digests of what was read here are accepted.
   */
  public static Reading withDefaults() {
    return DEFAULTS;
  }

  /**
   * Returns the same settings with one more path to ignore.
   *
   * @throws IllegalArgumentException if it is not canonical
   */
  public Reading ignorePath(String path) {
    Set<String> more = new TreeSet<>(ignorePaths);
    more.add(path);
    return new Reading(
        more, ignoreGitPaths, allowSymlinks, parallelism, progress, digester, evidence);
  }

  /** Returns the same settings, ignoring git's own files at the model's root or not. */
  public Reading ignoreGitPaths(boolean ignore) {
    return new Reading(
        ignorePaths, ignore, allowSymlinks, parallelism, progress, digester, evidence);
  }

  /** Returns the same settings, following links or not. */
  public Reading allowSymlinks(boolean allow) {
    return new Reading(
        ignorePaths, ignoreGitPaths, Optional.of(allow), parallelism, progress, digester, evidence);
  }

  /** Returns the same settings with another largest number of threads, at least 1. */
  public Reading parallelism(int threads) {
    return new Reading(
        ignorePaths, ignoreGitPaths, allowSymlinks, threads, progress, digester, evidence);
  }

  /** Returns the same settings with another listener. */
  public Reading progress(HashProgress listener) {
    return new Reading(
        ignorePaths, ignoreGitPaths, allowSymlinks, parallelism, listener, digester, evidence);
  }

  /** Returns the same settings with another digester. */
  public Reading digester(Digester other) {
    return new Reading(
        ignorePaths, ignoreGitPaths, allowSymlinks, parallelism, progress, other, evidence);
  }

  /**
   * Returns the same settings, accepting digests with other evidence too. The report about the
   * model then states how many were accepted.
   */
  public Reading accept(Evidence other) {
    Set<Evidence> more = new TreeSet<>(evidence);
    more.add(other);
    return new Reading(
        ignorePaths, ignoreGitPaths, allowSymlinks, parallelism, progress, digester, more);
  }

  /** Returns the same settings, for which only digests count of what was read here. */
  public Reading onlyRead() {
    return new Reading(
        ignorePaths,
        ignoreGitPaths,
        allowSymlinks,
        parallelism,
        progress,
        digester,
        Set.of(Evidence.READ));
  }

  Hashing hashing(HashAlgorithm algorithm, OptionalLong shardSize) {
    return new Hashing(algorithm, shardSize, parallelism, progress);
  }
}
