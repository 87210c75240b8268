package dev.modelsigning.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.manifest.ManifestDiff;
import dev.modelsigning.manifest.ManifestDiff.Changed;
import dev.modelsigning.manifest.ManifestDiff.Extra;
import dev.modelsigning.model.EntryKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The messages about a model that was changed after it was signed. */
class StalenessTest {

  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");

  private static ManifestDiff diff(int changed, int missing, int extra) {
    List<Changed> changes = new ArrayList<>();
    for (int i = 0; i < changed; i++) {
      changes.add(new Changed("c" + i, "c" + i, "x", "y", Optional.of(TIME.plusSeconds(i))));
    }
    List<String> gone = new ArrayList<>();
    for (int i = 0; i < missing; i++) {
      gone.add("m" + i);
    }
    List<Extra> more = new ArrayList<>();
    for (int i = 0; i < extra; i++) {
      more.add(new Extra("e" + i, EntryKind.FILE, Optional.empty()));
    }
    return new ManifestDiff(changes, gone, more);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|0|1|1 file was added after signing; nothing that was signed changed",
        "0|0|3|3 files were added after signing; nothing that was signed changed",
        "1|0|0|1 file was changed after signing; the rest is as it was signed",
        "0|2|0|2 files were removed after signing; the rest is as it was signed",
        "1|0|3|1 file was changed and 3 added after signing; the rest is as it was signed",
        "0|1|3|3 files were added and 1 removed after signing; the rest is as it was signed",
        "2|1|1|2 files were changed, 1 added and 1 removed after signing; the rest is as it was"
            + " signed",
        "5|5|1|nothing that was signed is there as it was signed, so the signature is perhaps one of"
            + " another model"
      })
  void saysWhatHappened(int changed, int missing, int extra, String words) {
    assertThat(Staleness.inWords(diff(changed, missing, extra), 10, false, false)).isEqualTo(words);
  }

  /** What the signer left out was there when it was signed. */
  @Test
  void doesNotSayThatFilesWereAddedWhereStrictnessFoundThem() {
    assertThat(Staleness.inWords(diff(0, 0, 2), 10, true, false))
        .isEqualTo(
            "2 files are not signed, which --strict does not allow; nothing that was signed"
                + " changed");
    assertThat(Staleness.inWords(diff(1, 0, 1), 10, true, false))
        .isEqualTo(
            "1 file was changed after signing, 1 is not signed; the rest is as it was signed");
    assertThat(Staleness.advice(diff(0, 0, 1), true))
        .contains("without --strict")
        .doesNotContain("--ignore-unsigned-files");
  }

  /** Of files that were not hashed nothing is known. */
  @Test
  void saysNothingOfWhatWasNotHashed() {
    assertThat(Staleness.inWords(diff(1, 0, 0), 10, false, true))
        .isEqualTo(
            "1 file was changed after signing; the rest of what was hashed is as it was signed");
    assertThat(Staleness.inWords(diff(0, 0, 1), 10, false, true))
        .isEqualTo("1 file was added after signing; nothing that was hashed changed");
    assertThat(Staleness.inWords(diff(0, 0, 1), 10, true, true))
        .endsWith("nothing that was hashed changed");
  }

  @Test
  void countsTheShardsOfAFileOnce() {
    ManifestDiff shards =
        new ManifestDiff(
            List.of(
                new Changed("a:0:1", "a", "x", "y", Optional.empty()),
                new Changed("a:1:2", "a", "x", "y", Optional.empty())),
            List.of(),
            List.of());
    assertThat(Staleness.inWords(shards, 2, false, false)).startsWith("1 file was changed");
  }

  @Test
  void tellsWhenFilesWereWritten() {
    assertThat(Staleness.modified(diff(0, 1, 1))).isEmpty();
    assertThat(Staleness.modified(diff(1, 0, 0))).contains("2026-01-02T03:04:05Z");
    assertThat(Staleness.modified(diff(3, 0, 0)))
        .contains("2026-01-02T03:04:05Z to 2026-01-02T03:04:07Z");
  }

  @Test
  void tellsWhatThePublisherHasToDo() {
    assertThat(Staleness.advice(diff(0, 0, 1), false))
        .contains("publisher has to sign", "--ignore-paths");
    assertThat(Staleness.advice(diff(1, 0, 1), false))
        .contains("Do not use this model", "publisher has to sign it anew")
        .doesNotContain("--ignore");
  }
}
