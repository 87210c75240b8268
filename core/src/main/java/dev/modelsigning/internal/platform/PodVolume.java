package dev.modelsigning.internal.platform;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Volumes that Kubernetes makes for a single pod ({@code emptyDir}). The kubelet gives them
 * permissions for everybody, without the sticky bit, and the name space of mounts keeps everybody
 * else out: only containers of the pod that mount it can write to it.
 */
final class PodVolume {

  /** The mounts of this process, by the kernel, which only root can change. */
  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

  /** Where the kubelet makes such a volume, below its own directory. */
  private static final Pattern EMPTY_DIR =
      Pattern.compile(".*/pods/[0-9a-fA-F-]{36}/volumes/kubernetes\\.io~empty-dir/[^/]+");

  private PodVolume() {}

  /**
   * Whether a directory is the top of such a volume.
   *
   * @param directory its real path
   */
  static boolean is(Path directory) {
    try {
      return Files.isReadable(MOUNTS)
          && is(directory.toString(), Files.readAllLines(MOUNTS, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return false; // then permissions count, as elsewhere
    }
  }

  /**
   * The same by the lines of the kernel (proc_pid_mountinfo(5)): the last mount at a place counts.
   */
  static boolean is(String directory, List<String> mounts) {
    boolean found = false;
    for (String mount : mounts) {
      String[] fields = mount.split(" ", -1);
      // What needs an escape is not compared: names of volumes do not.
      if (fields.length > 4 && fields[4].equals(directory)) {
        found = EMPTY_DIR.matcher(fields[3]).matches();
      }
    }
    return found;
  }
}
