package dev.modelsigning.spark;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What could not be read, or has changed: all of it is reported at once. */
final class Failures {

  /** How many files are named. */
  private static final int MOST = 100;

  private final Map<String, IOException> named = new LinkedHashMap<>();
  private final Set<String> others = new HashSet<>();
  private boolean changed;

  /** Adds the failure of a file. Only the first one of each file is kept. */
  void add(String location, IOException failure) {
    changed |= failure instanceof Storage.ChangedException;
    if (named.containsKey(location)) {
      return;
    }
    if (named.size() < MOST) {
      named.put(location, failure);
    } else {
      others.add(location);
    }
  }

  /** The number of files that failed. */
  int count() {
    return named.size() + others.size();
  }

  /** Throws them as one exception, if there are any. */
  void orElseThrow(String location) throws IOException {
    if (named.isEmpty()) {
      return;
    }
    String advice =
        changed ? "; start again when nobody writes to it, or use a snapshot or a copy" : "";
    FileSystemException all =
        new FileSystemException(
            location,
            null,
            (count() == 1 ? "a file" : count() + " files")
                + " cannot be read or changed meanwhile: "
                + named.values().stream()
                    .map(IOException::getMessage)
                    .collect(Collectors.joining("; "))
                + (others.isEmpty() ? "" : "; and " + others.size() + " more")
                + advice);
    named.values().forEach(all::addSuppressed);
    throw all;
  }
}
