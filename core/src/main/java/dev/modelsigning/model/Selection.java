package dev.modelsigning.model;

import dev.modelsigning.model.UncoveredEntry.Reason;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What of a model is covered (OMS 6.1, 6.2): which paths are left out and by whose rule, which are
 * listed and so never left out, and whether links count as files.
 *
 * <p>A rule is a path relative to the model's root; it matches that path and all below it, byte by
 * byte. There are no patterns.
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
    /** Nothing is listed. */
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

    /** Whether a file is among them. */
    boolean hasFile(String name);

    /** Whether a file in a directory, or below it, is among them. */
    boolean hasFileBelow(String directory);
  }

  /** A selection of all there is, without links. */
  public static Selection all() {
    return builder().build();
  }

  /** A builder of a selection of all there is, without links. */
  public static Builder builder() {
    return new Builder();
  }

  /** Whether there are any rules. */
  public boolean hasRules() {
    return longest >= 0;
  }

  /** Whether links to files count as files. */
  public boolean followsLinks() {
    return followsLinks;
  }

  /**
   * By whose rule what is in a directory is left out, unless it is listed.
   *
   * @param inherited the same for the directory above it; empty for the root's
   * @param directory its path in the model
   */
  public Optional<Reason> reason(Optional<Reason> inherited, String directory) {
    return inherited.isPresent() || directory.length() > longest
        ? inherited
        : Optional.ofNullable(reasons.get(directory));
  }

  /** Whether something listed is in a directory, or is its name: then it is not left out whole. */
  public boolean hasListed(String directory) {
    return listed.hasFile(directory) || listed.hasFileBelow(directory);
  }

  /**
   * By whose rule an entry that is no directory is left out.
   *
   * @param inherited that of the directory that it is in, which is not left out whole
   * @param name its path in the model
   */
  public Optional<Reason> leavesOut(Optional<Reason> inherited, String name) {
    Optional<Reason> reason = reason(inherited, name);
    return reason.isPresent() && listed.hasFile(name) ? Optional.empty() : reason;
  }

  /**
   * What is left out if an entry is: the entry, or the uppermost directory above it that is left
   * out whole. For sources without directories of their own.
   *
   * @param name its path in the model
   * @param kind what it is; no directory
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

    /** Adds rules; where a path has a rule already, the older one stays. */
    public Builder leaveOut(Collection<String> paths, Reason reason) {
      paths.forEach(path -> reasons.putIfAbsent(path, reason));
      return this;
    }

    /** Git's own paths at the model's root (OMS 6.2) are left out. */
    public Builder leaveOutGitPaths() {
      return leaveOut(GIT_PATHS, Reason.GIT_PATH);
    }

    /** Names that are never left out, whatever the rules say; none by default. */
    public Builder listed(Listed names) {
      listed = names;
      return this;
    }

    /** Whether links to files count as files; by default they do not. */
    public Builder followLinks(boolean follow) {
      followsLinks = follow;
      return this;
    }

    /** A selection by these rules. */
    public Selection build() {
      return new Selection(this);
    }
  }

  /** The git paths that are left out by default, at the model's root only (OMS 6.2). */
  public static final List<String> GIT_PATHS =
      List.of(".git", ".gitattributes", ".github", ".gitignore");

  /**
   * Where {@code hf download --local-dir} keeps its notes about a model: times, checksums and
   * locks. They are another's on every machine, and are left out only if somebody asks for it, as
   * anything can lie there.
   */
  public static final List<String> HUGGING_FACE_PATHS =
      List.of(".cache/huggingface", ".huggingface");
}
