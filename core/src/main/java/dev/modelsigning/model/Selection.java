package dev.modelsigning.model;

import dev.modelsigning.model.UncoveredEntry.Reason;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The part of a model that is covered (OMS 6.1, 6.2): which paths are left out and by which rule,
 * which are listed and therefore never left out, and whether links are followed.
 *
 * <p>A rule is a path relative to the model's root; it matches that path and everything below it,
 * byte by byte. There are no patterns.
 */
public final class Selection {

  private final Map<String, Reason> reasons;
  private final int longest;
  private final Listed listed;
  private final boolean followsLinks;

  private Selection(Builder builder) {
    reasons = Map.copyOf(builder.reasons);
    longest = reasons.keySet().stream().mapToInt(String::length).max().orElse(-1);
    listed = builder.listed;
    followsLinks = builder.followsLinks;
  }

  /** Names that no rule leaves out. */
  public interface Listed {
    /** An empty set. */
    Listed NONE =
        new Listed() {
          @Override
          public boolean hasFile(String name) {
            return false;
          }

          @Override
          public boolean hasFileBelow(String directory) {
            return false;
          }
        };

    /** Whether it contains a file. */
    boolean hasFile(String name);

    /** Whether it contains a file in a directory or below it. */
    boolean hasFileBelow(String directory);
  }

  /** A selection of everything, without links. */
  public static Selection all() {
    return builder().build();
  }

  /** Returns a builder of a selection of everything, without links. */
  public static Builder builder() {
    return new Builder();
  }

  /** Whether there are any rules. */
  public boolean hasRules() {
    return longest >= 0;
  }

  /** Whether links to files are followed. */
  public boolean followsLinks() {
    return followsLinks;
  }

  /**
   * The rule by which the content of a directory is left out, unless it is listed.
   *
   * @param inherited the result for its parent directory; empty for the root
   * @param directory its path in the model
   */
  public Optional<Reason> reason(Optional<Reason> inherited, String directory) {
    return inherited.isPresent() || directory.length() > longest
        ? inherited
        : Optional.ofNullable(reasons.get(directory));
  }

  /**
   * Whether a listed file is in a directory, or has its name: then the directory is not left out as
   * a whole.
   */
  public boolean hasListed(String directory) {
    return listed.hasFile(directory) || listed.hasFileBelow(directory);
  }

  /**
   * The rule by which an entry that is not a directory is left out.
   *
   * @param inherited the result for its directory, which is not left out as a whole
   * @param name its path in the model
   */
  public Optional<Reason> leavesOut(Optional<Reason> inherited, String name) {
    Optional<Reason> reason = reason(inherited, name);
    return reason.isPresent() && listed.hasFile(name) ? Optional.empty() : reason;
  }

  /** Whether there is a rule for an entry or for a directory above it, be it listed or not. */
  public boolean hasRuleFor(String name) {
    for (int slash = name.indexOf('/');
        slash >= 0 && slash <= longest;
        slash = name.indexOf('/', slash + 1)) {
      if (reasons.containsKey(name.substring(0, slash))) {
        return true;
      }
    }
    return name.length() <= longest && reasons.containsKey(name);
  }

  /**
   * What is left out with an entry: the entry itself, or the uppermost directory above it that is
   * left out as a whole. For sources without directories.
   *
   * @param name its path in the model
   * @param kind its kind, not a directory
   * @return empty if it is not left out
   */
  public Optional<UncoveredEntry> leftOut(String name, EntryKind kind) {
    if (longest < 0) {
      return Optional.empty();
    }
    Reason reason = null;
    for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
      if (reason == null) {
        if (slash > longest) {
          return Optional.empty();
        }
        reason = reasons.get(name.substring(0, slash));
      }
      if (reason != null && !hasListed(name.substring(0, slash))) {
        return Optional.of(
            new UncoveredEntry(name.substring(0, slash), EntryKind.DIRECTORY, reason));
      }
    }
    return leavesOut(Optional.ofNullable(reason), name)
        .map(found -> new UncoveredEntry(name, kind, found));
  }

  /** Collects rules. */
  public static final class Builder {
    private final Map<String, Reason> reasons = new HashMap<>();
    private Listed listed = Listed.NONE;
    private boolean followsLinks;

    private Builder() {}

    /** Adds rules; if a path already has a rule, that one is kept. */
    public Builder leaveOut(Collection<String> paths, Reason reason) {
      paths.forEach(path -> reasons.putIfAbsent(path, reason));
      return this;
    }

    /** Leaves out git's own paths at the model's root (OMS 6.2). */
    public Builder leaveOutGitPaths() {
      return leaveOut(GIT_PATHS, Reason.GIT_PATH);
    }

    /** Sets names that are never left out, whatever the rules are; none by default. */
    public Builder listed(Listed names) {
      listed = names;
      return this;
    }

    /** Sets whether links to files are followed; by default they are not. */
    public Builder followLinks(boolean follow) {
      followsLinks = follow;
      return this;
    }

    /** Returns a selection with these rules. */
    public Selection build() {
      return new Selection(this);
    }
  }

  /** The git paths that are left out by default, at the model's root only (OMS 6.2). */
  public static final List<String> GIT_PATHS =
      List.of(".git", ".gitattributes", ".github", ".gitignore");

  /**
   * The paths where {@code hf download --local-dir} keeps metadata about a model: times, checksums
   * and locks. They differ on every machine, and are left out only on request, since they can
   * contain anything.
   */
  public static final List<String> HUGGING_FACE_PATHS =
      List.of(".cache/huggingface", ".huggingface");
}
