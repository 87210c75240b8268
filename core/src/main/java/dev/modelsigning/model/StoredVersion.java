package dev.modelsigning.model;

import java.time.Duration;
import java.time.Instant;

/**
 * The version of a file in a form that can be kept, so that a later run recognizes the file as
 * unchanged without reading it. It proves nothing about the content.
 *
 * @param text what identifies the version, such as the identity of a file and its times: equal in
 *     two runs only if the file was not changed in between, unless it was changed twice within the
 *     resolution of its times
 * @param changed the time of the last change by the clock of the store. A file that was changed
 *     just now may be changed again without another version
 * @param resolution of this time; positive
 */
public record StoredVersion(String text, Instant changed, Duration resolution) {

  /**
   * Whether the version can be relied on if it was seen at this time or later: the last change is
   * so long ago that another one would give another version.
   */
  public boolean isSettled(Instant seen) {
    return changed.plus(resolution).isBefore(seen);
  }
}
