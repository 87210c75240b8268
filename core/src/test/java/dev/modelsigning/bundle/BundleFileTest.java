package dev.modelsigning.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.signing.OtherIdentity;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.Models;
import dev.modelsigning.timestamp.TimestampAuthority;
import dev.modelsigning.timestamp.TimestampingSigner;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bundle files that are reserved before there is a bundle. */
class BundleFileTest {

  @TempDir private Path directory;

  private final Bundle bundle =
      new Forge().bundle(new Forge.StatementText().file("a", "alpha").toString());

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  @Test
  void triesAPlaceAndLeavesNothingThere() throws Exception {
    Path file = directory.resolve("model.sig");
    BundleFile.requireWritable(file);
    assertThat(files()).isEmpty();
    Files.writeString(file, "old");
    BundleFile.requireWritable(file);
    assertThat(files()).containsExactly(file);
    assertThat(file).hasContent("old");
  }

  @Test
  void holdsSpaceBesideUntilItIsWrittenOrGivenUp() throws Exception {
    Path file = Files.writeString(directory.resolve("model.sig"), "old");
    try (BundleFile place = BundleFile.reserve(file, 100_000)) {
      List<Path> other = new ArrayList<>(files());
      other.remove(file);
      assertThat(other).singleElement().satisfies(one -> assertThat(one).hasSize(100_000));
      assertThat(file).hasContent("old");
      place.write(bundle);
      assertThat(files()).containsExactly(file);
      assertThatThrownBy(() -> place.write(bundle))
          .isInstanceOf(IOException.class)
          .hasMessage(file + ": cannot be written: was written already");
    }
    assertThat(Bundle.read(file)).isEqualTo(bundle);
    BundleFile.reserve(file, 100_000).close();
    assertThat(files()).containsExactly(file);
    assertThat(Bundle.read(file)).isEqualTo(bundle);
  }

  @Test
  void writesMoreThanItMadeSpaceFor() throws Exception {
    Path file = directory.resolve("model.sig");
    Bundle large =
        new Forge().bundle(new Forge.StatementText().file("x".repeat(100_000), "alpha").toString());
    try (BundleFile place = BundleFile.reserve(file, 1)) {
      place.write(large);
    }
    assertThat(Bundle.read(file)).isEqualTo(large);
  }

  /** A signer that notes what it is asked. */
  private PayloadSigner noting(List<String> asked) {
    return new PayloadSigner() {
      @Override
      public List<SignedPayload> sign(List<Payload> payloads) {
        asked.add("sign");
        return List.of(
            new SignedPayload(
                bundle, new OtherIdentity("test", "nobody", Map.of()), List.of(), List.of()));
      }

      @Override
      public void requireReady() throws SigningException {
        asked.add("ready");
        if (asked.size() > 2) {
          throw new SigningException("not ready");
        }
      }
    };
  }

  @Test
  void isAskedForBeforeTheModelIsHashedAndTheSignerSigns() throws Exception {
    Path model = Models.write(directory.resolve("model"), "a", "alpha");
    List<String> asked = new ArrayList<>();
    ModelSigner signer =
        ModelSigner.using(
            TimestampingSigner.using(
                noting(asked), TimestampAuthority.at(URI.create("http://127.0.0.1:1"))));
    Map<Path, String> places =
        Map.of(
            directory.resolve("absent/x"),
            "cannot be written: its directory does not exist",
            model,
            "exists and is not a regular file, so it is not replaced",
            model.resolve("a/x"),
            "cannot be written: ");
    for (Map.Entry<Path, String> place : places.entrySet()) {
      assertThatThrownBy(() -> signer.sign(model, place.getKey()))
          .isInstanceOf(FileSystemException.class)
          .hasMessageStartingWith(place.getKey() + ": " + place.getValue());
    }
    assertThat(asked).isEmpty();
    assertThatThrownBy(() -> signer.sign(directory.resolve("nothing"), directory.resolve("x")))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining(directory.resolve("nothing").toString());
    assertThat(asked).containsExactly("ready");
    asked.add("again");
    assertThatThrownBy(() -> signer.sign(directory.resolve("nothing")))
        .isInstanceOf(SigningException.class)
        .hasMessage("not ready");
    assertThat(files()).containsExactly(model);
  }
}
