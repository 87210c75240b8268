package dev.modelsigning.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.oci.internal.image.Descriptor;
import dev.modelsigning.oci.internal.image.ImageManifest;
import dev.modelsigning.oci.internal.registry.FakeRegistry;
import dev.modelsigning.testing.TarBytes;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ModelKits, whose config says whether the names in the layers are whole. */
class KitOpsModelTest {

  private static final String KITOPS = "application/vnd.kitops.modelkit.";

  private FakeRegistry registry;

  @BeforeEach
  void start() throws IOException {
    registry = new FakeRegistry();
  }

  @AfterEach
  void end() {
    registry.close();
  }

  /** Opens a kit; MODEL and CODE in the config become the digests of its layers. */
  private OciModel open(String config) throws IOException {
    Descriptor model = layer("model", "weights/w");
    Descriptor code = layer("code", "src/run.py");
    byte[] json =
        config
            .replace('\'', '"')
            .replace("MODEL", model.digest().toString())
            .replace("CODE", code.digest().toString())
            .getBytes(UTF_8);
    registry.put(json);
    registry.put(
        new ImageManifest(
                Optional.empty(),
                Optional.empty(),
                Descriptor.of(KITOPS + "config.v1+json", json),
                List.of(model, code),
                Optional.empty(),
                Map.of())
            .toJson(),
        "1");
    return OciModel.open(registry.reference(":1"), Map.of());
  }

  private Descriptor layer(String kind, String file) {
    byte[] tar = new TarBytes().file(file, "1").whole();
    registry.put(tar);
    return Descriptor.of(KITOPS + kind + ".v1.tar", tar);
  }

  @Test
  void aKitThatNamesItsLayersIsRead() throws IOException {
    try (OciModel model =
        open(
            "{'manifestVersion':'1.0','model':{'path':'weights','digest':'MODEL','diffId':'MODEL'},"
                + "'code':[{'path':'src','digest':'CODE'}]}")) {
      assertThat(model.hasArchives()).isTrue();
    }
    // The part of a model is an entry, too.
    open("{'model':{'digest':'MODEL','parts':[{'digest':'CODE'}]},'package':{'name':'a'}}").close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'model':{'path':'weights'},'code':[{'path':'src'}]}",
        "{'model':{'path':'weights','digest':'MODEL'},'code':[{'path':'src'}]}",
        "{'model':{'path':'weights'},'code':[{'path':'src','digest':'CODE'}]}",
        "{'model':{'digest':'MODEL','parts':[{'path':'p'}]},'code':[{'digest':'CODE'}]}",
        "{'model':{'digest':'MODEL'},'docs':[{'path':'x'}],'code':[{'digest':'CODE'}]}",
        "{'package':{'digest':'MODEL','code':[{'digest':'CODE'}]}}",
        "{'model':'MODEL','code':['CODE']}",
        "{}"
      })
  void aKitOfBeforeIsRefused(String config) {
    assertThatThrownBy(() -> open(config))
        .hasMessageContaining("@sha256:")
        .hasMessageContaining("as KitOps wrote it before 2025")
        .hasMessageContaining("pack it again with a newer KitOps");
  }

  @Test
  void aConfigThatCannotBeReadIsRefused() {
    assertThatThrownBy(() -> open("{'model':{},'model':{}}"))
        .hasMessageContaining("has a KitOps config that cannot be read");
    assertThatThrownBy(() -> open("kitfile"))
        .hasMessageContaining("has a KitOps config that cannot be read");
  }
}
