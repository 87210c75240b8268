package dev.modelsigning.maven.build;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The files that a build writes, whose modules may be built in parallel. If two executions wrote
 * the same file, each result could be taken for the other.
 */
public final class WrittenFiles {

  /** By build: a JVM that is kept (mvnd) runs several, one after the other. */
  private static final Map<Object, WrittenFiles> BUILDS =
      Collections.synchronizedMap(new WeakHashMap<>());

  private final Map<Path, String> owners = new HashMap<>();

  private WrittenFiles() {}

  /**
   * The files of a build.
   *
   * @param build an object that all modules of the build share, and no other build has
   */
  public static WrittenFiles of(Object build) {
    return BUILDS.computeIfAbsent(build, key -> new WrittenFiles());
  }

  /**
   * Registers a file that an execution writes. The same execution may do so again, as when two
   * phases are requested.
   *
   * @throws WrongParameterException if another execution of this build writes it
   */
  public synchronized void claim(String parameter, Path file, String execution)
      throws IOException, WrongParameterException {
    @Nullable String other = owners.putIfAbsent(Places.real(file), execution);
    if (other != null && !other.equals(execution)) {
      throw new WrongParameterException(
          parameter, file + " is written by " + other + " in this build, too; give each its own");
    }
  }
}
