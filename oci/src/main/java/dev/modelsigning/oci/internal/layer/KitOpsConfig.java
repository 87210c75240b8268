package dev.modelsigning.oci.internal.layer;

import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.oci.internal.image.Descriptor;
import dev.modelsigning.oci.internal.image.ImageManifest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The config of a ModelKit: its Kitfile as JSON. Since 2025 it names the digest of each layer, and
 * the names of files in the layers are whole. Before that they were relative to the path of the
 * layer in the Kitfile, and whoever unpacks them puts that before them: files would have other
 * names on disk than those that are signed here.
 */
public final class KitOpsConfig {

  /** The largest length of a config that is read, in bytes. */
  public static final int MAX_LENGTH = 4 * 1024 * 1024;

  private static final String PREFIX = "application/vnd.kitops.modelkit.";
  private static final String TYPE = PREFIX + "config.v1+json";
  private static final String MODEL = PREFIX + "model.v1";
  private static final long MAX_TOKENS = 1_000_000;
  private static final int MAX_TEXT = 64 * 1024;

  /** The members with lists of layers; that of the model itself has one more, its parts. */
  private static final Set<String> LISTS = Set.of("code", "datasets", "docs", "prompts");

  private final JsonReader json;
  private final Set<String> digests = new HashSet<>();
  private boolean withoutDigest;
  private boolean modelWithoutDigest;

  private KitOpsConfig(JsonReader json) {
    this.json = json;
  }

  /** Whether a manifest has layers whose names depend on the config. */
  public static boolean isNeeded(ImageManifest manifest) {
    return manifest.config().mediaType().equals(TYPE) && !archives(manifest).isEmpty();
  }

  private static List<Descriptor> archives(ImageManifest manifest) {
    return manifest.layers().stream()
        .filter(layer -> layer.mediaType().startsWith(PREFIX) && !layer.mediaType().equals(TYPE))
        .toList();
  }

  /**
   * Requires that the names of files in the layers are whole.
   *
   * @param config the bytes of the config
   * @throws UnusableLayerException if they are not, or the config cannot be read
   */
  public static void require(ImageManifest manifest, byte[] config) throws UnusableLayerException {
    KitOpsConfig found;
    try {
      found =
          JsonReader.read(
              "config",
              config,
              MAX_TOKENS,
              json -> {
                KitOpsConfig read = new KitOpsConfig(json);
                json.object(read::member);
                return read;
              });
    } catch (MalformedJsonException e) {
      throw new UnusableLayerException(
          "has a KitOps config that cannot be read: " + e.getMessage());
    }
    List<Descriptor> archives = archives(manifest);
    // The model may be another ModelKit, which has a layer of its own.
    boolean hasModel = archives.stream().anyMatch(layer -> layer.mediaType().startsWith(MODEL));
    boolean all =
        archives.stream().allMatch(layer -> found.digests.contains(layer.digest().toString()));
    if (!all || found.withoutDigest || (hasModel && found.modelWithoutDigest)) {
      throw new UnusableLayerException(
          "is a ModelKit whose config does not name the digests of its layers, as KitOps wrote it"
              + " before 2025: the names in it are relative, and programs put others before them;"
              + " unpack it, and pack it again with a newer KitOps");
    }
  }

  private void member(String name) throws MalformedJsonException {
    if (name.equals("model") && json.isObject()) {
      modelWithoutDigest = entry() == null;
    } else if (LISTS.contains(name) && json.isArray()) {
      entries();
    } else {
      json.skip();
    }
  }

  private void entries() throws MalformedJsonException {
    json.array(index -> {
      if (json.isObject()) {
        withoutDigest |= entry() == null;
      } else {
        json.skip();
      }
    });
  }

  /** Reads a layer's entry; returns its digest. */
  private @Nullable String entry() throws MalformedJsonException {
    AtomicReference<@Nullable String> digest = new AtomicReference<>();
    json.object(name -> {
      if (name.equals("digest") && json.isString()) {
        String text = json.string(MAX_TEXT);
        digest.set(text);
        digests.add(text);
      } else if (name.equals("parts") && json.isArray()) {
        entries();
      } else {
        json.skip();
      }
    });
    return digest.get();
  }
}
