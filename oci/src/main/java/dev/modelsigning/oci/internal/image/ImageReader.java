package dev.modelsigning.oci.internal.image;

import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.oci.reference.OciDigest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON of manifests and indexes. Unknown members are ignored, as the specification wants
 * it; but nothing that could be read as both a manifest and an index is either.
 */
final class ImageReader {

  /** More names and values than any document of 4 MiB needs that keeps to the other limits. */
  private static final long MAX_TOKENS = 1_000_000;

  private static final int MAX_DESCRIPTORS = 20_000;
  private static final int MAX_ANNOTATIONS = 1_000;
  private static final int MAX_ANNOTATION = 256 * 1024;
  private static final int MAX_TYPE = 255;
  private static final int MAX_DIGEST = 1_024;
  private static final int SCHEMA = 2;

  /** The members of manifests and indexes that are read. */
  private static final Set<String> MEMBERS =
      Set.of(
          "schemaVersion",
          "mediaType",
          "artifactType",
          "config",
          "layers",
          "manifests",
          "subject",
          "annotations");

  /** The members of descriptors that are read. */
  private static final Set<String> FIELDS =
      Set.of("mediaType", "digest", "size", "annotations", "artifactType", "platform");

  /** RFC 6838 4.2; a parameter is not part of the type of a blob. */
  private static final Pattern TYPE =
      Pattern.compile(
          "[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}");

  private final JsonReader json;

  // What was found in the document, of either kind.
  private @Nullable String mediaType;
  private @Nullable String artifactType;
  private @Nullable Descriptor config;
  private @Nullable List<Descriptor> layers;
  private @Nullable List<Descriptor> manifests;
  private final List<String> unusable = new ArrayList<>();
  private @Nullable Descriptor subject;
  private Map<String, String> annotations = Map.of();
  private boolean versioned;

  private ImageReader(JsonReader json) {
    this.json = json;
  }

  static ImageManifest manifest(byte[] bytes) throws MalformedImageException {
    return read("manifest", bytes, ImageReader::manifest);
  }

  static ImageIndex index(byte[] bytes) throws MalformedImageException {
    return read("index", bytes, ImageReader::index);
  }

  static void requireType(byte[] bytes, String type) throws MalformedImageException {
    read(
        "document",
        bytes,
        found -> {
          found.requireType(type::equals, Printable.quote(type) + ", as it was sent");
          return found;
        });
  }

  /** Makes one of the kinds of what was found. */
  private interface Maker<T> {
    T make(ImageReader found) throws MalformedJsonException;
  }

  private static <T> T read(String name, byte[] bytes, Maker<T> maker)
      throws MalformedImageException {
    if (bytes.length > ImageManifest.MAX_LENGTH) {
      throw new MalformedImageException(
          name
              + ": expected at most "
              + ImageManifest.MAX_LENGTH
              + " bytes, found "
              + bytes.length);
    }
    try {
      return JsonReader.read(
          name,
          bytes,
          MAX_TOKENS,
          json -> {
            ImageReader reader = new ImageReader(json);
            json.object(reader::member);
            if (!reader.versioned) {
              throw json.missing("schemaVersion");
            }
            return maker.make(reader);
          });
    } catch (MalformedJsonException e) {
      throw new MalformedImageException(String.valueOf(e.getMessage()), e);
    }
  }

  private ImageManifest manifest() throws MalformedJsonException {
    if (manifests != null) {
      throw json.malformed(
          layers == null && config == null
              ? "is an index of manifests, expected one manifest"
              : "is a manifest and an index at once, which readers take differently");
    }
    requireType(MediaTypes::isManifest, "that of a manifest");
    if (config == null) {
      throw json.missing("config");
    }
    if (layers == null) {
      throw json.missing("layers");
    }
    return new ImageManifest(
        Optional.ofNullable(mediaType),
        Optional.ofNullable(artifactType),
        config,
        layers,
        Optional.ofNullable(subject),
        annotations);
  }

  private ImageIndex index() throws MalformedJsonException {
    if (layers != null || config != null) {
      throw json.malformed(
          manifests == null
              ? "is a manifest, expected an index of manifests"
              : "is a manifest and an index at once, which readers take differently");
    }
    requireType(MediaTypes::isIndex, "that of an index");
    if (manifests == null) {
      throw json.missing("manifests");
    }
    return new ImageIndex(manifests, annotations, unusable);
  }

  private void requireType(Predicate<String> expected, String kind) throws MalformedJsonException {
    if (mediaType != null && !expected.test(mediaType)) {
      throw json.malformed(
          "mediaType", "expected " + kind + ", found " + Printable.quote(mediaType));
    }
  }

  private void member(String name) throws MalformedJsonException {
    switch (name) {
      case "schemaVersion" -> {
        if (json.positiveInteger() != SCHEMA) {
          throw json.malformed("expected " + SCHEMA + "; older versions are not supported");
        }
        versioned = true;
      }
      case "mediaType" -> mediaType = type();
      case "artifactType" -> artifactType = typeOrNone();
      case "config" -> config = descriptor();
      case "layers" -> layers = descriptors();
      case "manifests" -> manifests = entries();
      case "subject" -> subject = json.isNull() ? nothing() : descriptor();
      case "annotations" -> annotations = annotations();
      default -> skip(name, MEMBERS);
    }
  }

  /** Skips a member that is not known; many readers take a known name in any case. */
  private void skip(String name, Set<String> known) throws MalformedJsonException {
    for (String each : known) {
      if (each.equalsIgnoreCase(name)) {
        throw json.malformed(
            "expected the name "
                + Printable.quote(each)
                + " in this form, as some readers take"
                + " both for the same");
      }
    }
    json.skip();
  }

  private @Nullable Descriptor nothing() throws MalformedJsonException {
    json.skip();
    return null;
  }

  private List<Descriptor> descriptors() throws MalformedJsonException {
    List<Descriptor> read = new ArrayList<>();
    if (json.isNull()) {
      // Go writes an empty list in this way.
      json.skip();
      return read;
    }
    json.array(MAX_DESCRIPTORS, index -> read.add(descriptor()));
    return read;
  }

  /**
   * The entries of an index, which may come from several writers: what is wrong with one of them
   * must not hide the others.
   */
  private List<Descriptor> entries() throws MalformedJsonException {
    List<Descriptor> read = new ArrayList<>();
    if (json.isNull()) {
      json.skip();
      return read;
    }
    json.array(
        MAX_DESCRIPTORS,
        index -> {
          String name = "entry " + (index + 1);
          byte[] entry = json.rawValue().getBytes(StandardCharsets.UTF_8);
          try {
            read.add(
                JsonReader.read(
                    name, entry, MAX_TOKENS, value -> new ImageReader(value).descriptor()));
          } catch (MalformedJsonException e) {
            unusable.add(String.valueOf(e.getMessage()));
          }
        });
    return read;
  }

  private Descriptor descriptor() throws MalformedJsonException {
    var read =
        new Object() {
          @Nullable String type;
          @Nullable OciDigest digest;
          long size = -1;
          Map<String, String> annotations = Map.of();
          @Nullable String artifactType;
          @Nullable String platform;
        };
    json.object(name -> {
      switch (name) {
        case "mediaType" -> read.type = type();
        case "digest" -> read.digest = digest();
        case "size" -> read.size = size();
        case "annotations" -> read.annotations = annotations();
        case "artifactType" -> read.artifactType = typeOrNone();
        case "platform" -> read.platform = platform();
        default -> skip(name, FIELDS);
      }
    });
    if (read.type == null) {
      throw json.missing("mediaType");
    }
    if (read.digest == null) {
      throw json.missing("digest");
    }
    if (read.size < 0) {
      throw json.missing("size");
    }
    return new Descriptor(
        read.type,
        read.digest,
        read.size,
        read.annotations,
        Optional.ofNullable(read.artifactType),
        Optional.ofNullable(read.platform));
  }

  private String type() throws MalformedJsonException {
    String type = json.string(MAX_TYPE);
    if (!TYPE.matcher(type).matches()) {
      throw json.malformed("expected a media type, found " + Printable.quote(type));
    }
    return type;
  }

  /** Some writers have an empty text where there is none. */
  private @Nullable String typeOrNone() throws MalformedJsonException {
    String type = json.string(MAX_TYPE);
    if (type.isEmpty()) {
      return null;
    }
    if (!TYPE.matcher(type).matches()) {
      throw json.malformed("expected a media type, found " + Printable.quote(type));
    }
    return type;
  }

  private OciDigest digest() throws MalformedJsonException {
    try {
      return OciDigest.parse(json.string(MAX_DIGEST));
    } catch (IllegalArgumentException e) {
      throw json.malformed(String.valueOf(e.getMessage()));
    }
  }

  private long size() throws MalformedJsonException {
    if (json.isString()) {
      throw json.malformed("expected a number");
    }
    long size = json.int64();
    if (size < 0) {
      throw json.malformed("expected at least 0, found " + size);
    }
    return size;
  }

  private Map<String, String> annotations() throws MalformedJsonException {
    Map<String, String> read = new LinkedHashMap<>();
    if (json.isNull()) {
      json.skip();
      return read;
    }
    json.object(MAX_ANNOTATIONS, name -> read.put(name, json.string(MAX_ANNOTATION)));
    return read;
  }

  private @Nullable String platform() throws MalformedJsonException {
    if (json.isNull()) {
      json.skip();
      return null;
    }
    Map<String, String> parts = new LinkedHashMap<>();
    json.object(name -> {
      switch (name) {
        case "os", "architecture", "variant" -> parts.put(name, json.string(MAX_TYPE));
        default -> json.skip();
      }
    });
    String variant = parts.getOrDefault("variant", "");
    return parts.getOrDefault("os", "")
        + "/"
        + parts.getOrDefault("architecture", "")
        + (variant.isEmpty() ? "" : "/" + variant);
  }
}
