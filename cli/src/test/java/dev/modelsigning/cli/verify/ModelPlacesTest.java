package dev.modelsigning.cli.verify;

import static dev.modelsigning.cli.Workspace.SIGNING_FAILED;
import static dev.modelsigning.cli.Workspace.VERIFICATION_FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.cli.testing.ModelPlaces;
import dev.modelsigning.testing.Models;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that were downloaded or mounted, with a signature over plain files. */
class ModelPlacesTest {

  @TempDir private Path directory;

  private Workspace workspace;

  @BeforeEach
  void signPlainFiles() throws Exception {
    workspace = Workspace.in(directory);
    workspace.sign().assertSucceeded();
  }

  // --- what 'hf download --local-dir' leaves

  @Test
  void verifiesADownloadedDirectoryWithTheOptionThatTheRefusalNames() throws Exception {
    Path downloaded = ModelPlaces.download(workspace.model(), workspace.path("downloaded"));

    workspace
        .verifyModel(downloaded)
        .assertFailed(
            VERIFICATION_FAILED,
            "7 not signed",
            "7 unsigned files in .cache/huggingface, where 'hf download' keeps its notes, may be"
                + " left out with --ignore-paths .cache/huggingface; nothing there is verified");

    Invocation verified =
        workspace.verifyModel(downloaded, "--ignore-paths", ".cache/huggingface").assertSucceeded();
    assertThat(verified.out())
        .contains(".cache/huggingface/ (ignored on request)")
        .contains(".gitattributes (git path, ignored by default)");
    assertThat(verified.err()).isEmpty();
  }

  @Test
  void refusesWhatLiesBesideTheNotesOfADownload() throws Exception {
    Path downloaded = ModelPlaces.download(workspace.model(), workspace.path("downloaded"));
    Models.write(downloaded, ".cache/evil.py", "x", ".cache/huggingface2/evil.py", "x");

    Invocation refused = workspace.verifyModel(downloaded, "--ignore-paths", ".cache/huggingface");

    refused.assertFailed(VERIFICATION_FAILED, "2 not signed", ".cache/evil.py");
    assertThat(refused.err()).doesNotContain("hf download");
  }

  @Test
  void namesWhereOldVersionsKeptTheirNotes() throws Exception {
    Models.write(workspace.model(), ".huggingface/download/config.json.lock", "");
    workspace
        .verify()
        .assertFailed(VERIFICATION_FAILED, "1 unsigned file in .huggingface, where 'hf download'");
  }

  @Test
  void warnsWhoSignsTheNotesOfADownload() throws Exception {
    Path downloaded = ModelPlaces.download(workspace.model(), workspace.path("downloaded"));

    Invocation signed = workspace.signModel(downloaded).assertSucceeded();

    assertThat(signed.errorLines())
        .singleElement()
        .asString()
        .startsWith("warning: the files include .cache/huggingface, where 'hf download' keeps")
        .endsWith("leave it out with --ignore-paths .cache/huggingface");
    assertThat(
            workspace
                .signModel(downloaded, "--ignore-paths", ".cache/huggingface")
                .assertSucceeded()
                .err())
        .isEmpty();
  }

  // --- the cache of 'hf download'

  @Test
  void namesTheOptionWhereASnapshotIsSigned() throws Exception {
    Path snapshot = ModelPlaces.cache(workspace.model(), workspace.path("hub"));
    workspace
        .signModel(snapshot)
        .assertFailed(
            SIGNING_FAILED,
            "config.json: is a symbolic link, one of 3; allow links (--allow-symlinks) to sign what"
                + " they lead to, or ignore it (OMS 6.1.1)");
  }

  @Test
  void warnsOnceOfFortyLinks() throws Exception {
    for (int i = 0; i < 37; i++) {
      workspace.write("model/part-" + i, "part");
    }
    Path snapshot = ModelPlaces.cache(workspace.model(), workspace.path("hub"));

    Invocation signed = workspace.signModel(snapshot, "--allow-symlinks").assertSucceeded();

    String warning =
        "warning: 40 symbolic links, such as 'config.json', lead out of the model (OMS 6.1.1)";
    assertThat(signed.errorLines())
        .containsExactly(
            warning,
            "warning: the Python command line verifies this signature only with --allow_symlinks");
    assertThat(workspace.verifyModel(snapshot).assertSucceeded().errorLines())
        .containsExactly(warning);
    workspace.verify().assertSucceeded();
    Files.writeString(workspace.path("hub/models--example--my-model/blobs/abcdef0"), "[]");
    workspace.verifyModel(snapshot).assertFailed(VERIFICATION_FAILED, "1 changed", "config.json");
  }

  @Test
  void saysWhatToDoAboutASnapshotThatWasSignedAsPlainFiles() throws Exception {
    Path snapshot = ModelPlaces.cache(workspace.model(), workspace.path("hub"));

    workspace
        .verifyModel(snapshot)
        .assertFailed(
            VERIFICATION_FAILED,
            "3 signed files are links here, and links count only where the signer said so"
                + " (sign --allow-symlinks). Verify a copy with the files themselves");
    workspace.signModel(workspace.model(), "--allow-symlinks").assertSucceeded();
    workspace.verifyModel(snapshot).assertSucceeded();
    Invocation forbidden = workspace.verifyModel(snapshot, "--no-allow-symlinks");
    forbidden.assertFailed(VERIFICATION_FAILED, "3 changed");
    assertThat(forbidden.err()).doesNotContain("signer said so");
  }

  // --- volumes of Kubernetes

  @Test
  void verifiesAVolumeWithTheOptionThatTheRefusalNames() throws Exception {
    Path volume = ModelPlaces.volume(workspace.model(), workspace.path("volume"));

    workspace
        .verifyModel(volume)
        .assertFailed(
            VERIFICATION_FAILED,
            "This looks like a volume of Kubernetes (ConfigMap, Secret, projected): verify it with"
                + " --kubernetes-volume.");

    Invocation verified =
        workspace.verifyModel(volume, "--kubernetes-volume", "--strict").assertSucceeded();
    assertThat(verified.out())
        .contains("3 files, 11 bytes")
        .contains(
            ModelPlaces.DATA + "/ (layout of the Kubernetes volume, verified through its links)")
        .contains(
            "..data [symbolic link] (layout of the Kubernetes volume, verified through its links)");
    assertThat(verified.err()).isEmpty();
    assertThat(
            workspace
                .verifyModel(volume, "--kubernetes-volume", "--format", "json")
                .assertSucceeded()
                .out())
        .contains("\"verified\":true", "\"..data\"");
  }

  @Test
  void refusesWhatIsHiddenInAVolume() throws Exception {
    Path volume = ModelPlaces.volume(workspace.model(), workspace.path("volume"));
    Models.write(volume, "..2025/evil.py", "x", ModelPlaces.DATA + "/evil.py", "x");

    workspace
        .verifyModel(volume, "--kubernetes-volume")
        .assertFailed(
            VERIFICATION_FAILED,
            "2 not signed",
            "..2025 (entry that is no link of the volume)",
            "evil.py (entry that no link of the volume leads to)");
  }

  @Test
  void ignoresPathsOfAVolumeByTheNamesThatProgramsSee() throws Exception {
    Path volume = ModelPlaces.volume(workspace.model(), workspace.path("volume"));
    Models.write(volume.resolve(ModelPlaces.DATA), "weights/notes", "x");

    workspace
        .verifyModel(volume, "--kubernetes-volume")
        .assertFailed(VERIFICATION_FAILED, "weights/notes");
    for (Object path : new Object[] {"weights/notes", volume.resolve("weights/notes")}) {
      assertThat(
              workspace
                  .verifyModel(volume, "--kubernetes-volume", "--ignore-paths", path)
                  .assertSucceeded()
                  .out())
          .contains("weights/notes (ignored on request)");
    }
  }

  @Test
  void refusesTheOptionWhereThereIsNoVolume() {
    workspace
        .verify("--kubernetes-volume")
        .assertFailed(
            VERIFICATION_FAILED,
            workspace.model() + ": is not laid out as a Kubernetes volume",
            "where files are mounted by subPath they are plain files");
  }

  /** As case 26 has it: links allowed, and both entries of the layout ignored. */
  @Test
  void signsAndVerifiesAVolumeWithBothEntriesIgnored() throws Exception {
    Path volume = ModelPlaces.volume(workspace.model(), workspace.path("flat"));
    Files.delete(volume.resolve("weights"));
    Object[] ignored = {
      "--ignore-paths", volume.resolve("..data"), "--ignore-paths", volume.resolve(ModelPlaces.DATA)
    };
    workspace.signModel(volume).assertFailed(SIGNING_FAILED, "is a symbolic link");
    Object[] signing = {"--allow-symlinks", ignored[0], ignored[1], ignored[2], ignored[3]};
    workspace.signModel(volume, signing).assertSucceeded();
    workspace.verifyModel(volume, ignored).assertSucceeded();
    Files.writeString(volume.resolve("..data/config.json"), "[]");
    workspace.verifyModel(volume, ignored).assertFailed(VERIFICATION_FAILED, "1 changed");
  }
}
