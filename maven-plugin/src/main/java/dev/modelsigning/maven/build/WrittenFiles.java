package dev.modelsigning.maven.build;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who writes which file in a build, in which modules may be built side by side. Two that write the
 * same file would each be taken for the other.
 */
public final class WrittenFiles {

  /** For each build in this JVM, as several run in one that is kept, one after the other. */
  private static final Map<Object, WrittenFiles> BUILDS =
      Collections.synchronizedMap(new WeakHashMap<>());

  private final Map<Path, String> owners = new HashMap<>();

  private WrittenFiles() {}

  /**
   * The files of a build.
   *
   * @param build what all modules of it have in common, and no other build
   */
  public static WrittenFiles of(Object build) {
    return BUILDS.computeIfAbsent(build, key -> new WrittenFiles());
  }

  /**
   * Says that an execution writes a file. The same execution may do so again, as where two phases
   * are asked for.
   *
   * @throws WrongParameterException if another one of this build does
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
