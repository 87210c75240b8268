package dev.modelsigning.oci.internal.layer;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.oci.internal.image.Descriptor;
import dev.modelsigning.oci.internal.image.MalformedImageException;
import dev.modelsigning.oci.internal.registry.Registry;
import dev.modelsigning.oci.reference.OciDigest;
import dev.modelsigning.oci.reference.OciReference;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Asks a registry whether it has layers that are known by their digests alone, with the sizes that
 * the manifest says: a manifest can name what nobody ever pushed. Each layer is asked for once.
 * Thread-safe.
 */
public final class LayerPresence {

  /** Few, since a registry may limit the number of connections of a client. */
  private static final int MAX_THREADS = 8;

  private final Registry registry;
  private final OciReference model;

  /** What is there, and whether the registry said its size. */
  private final Map<Content, Boolean> there = new ConcurrentHashMap<>();

  /** Two layers may have the same digest, and one of them another size. */
  private record Content(OciDigest digest, long size) {
    static Content of(ModelLayer layer) {
      return new Content(layer.blob().digest(), layer.blob().size());
    }
  }

  /**
   * Creates what asks about a model.
   *
   * @param model the model with its digest, which also names the repository
   */
  public LayerPresence(Registry registry, OciReference model) {
    this.registry = registry;
    this.model = model;
  }

  /**
   * Requires that the registry has these layers.
   *
   * @return those whose size the registry did not say
   * @throws IOException if it does not have one, or has it with another size; the first failure
   *     ends it
   */
  public List<ModelLayer> require(List<ModelLayer> layers) throws IOException {
    Map<Content, ModelLayer> missing = new ConcurrentHashMap<>();
    layers.stream()
        .filter(layer -> !there.containsKey(Content.of(layer)))
        .forEach(layer -> missing.putIfAbsent(Content.of(layer), layer));
    if (!missing.isEmpty()) {
      askAll(missing.values().stream().toList());
    }
    return layers.stream().filter(layer -> !there.getOrDefault(Content.of(layer), false)).toList();
  }

  private void askAll(List<ModelLayer> layers) throws IOException {
    Registry limited = registry.searching();
    ExecutorService executor = Executors.newFixedThreadPool(Math.min(MAX_THREADS, layers.size()));
    try {
      ExecutorCompletionService<ModelLayer> asked = new ExecutorCompletionService<>(executor);
      for (ModelLayer layer : new ArrayList<>(layers)) {
        asked.submit(() -> {
          ask(limited, layer);
          return layer;
        });
      }
      for (int i = 0; i < layers.size(); i++) {
        asked.take().get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("interrupted");
      interrupted.initCause(e);
      throw interrupted;
    } catch (ExecutionException e) {
      throw failure(e.getCause() == null ? e : e.getCause());
    } finally {
      executor.shutdownNow();
    }
  }

  private void ask(Registry limited, ModelLayer layer) throws IOException {
    Descriptor blob = layer.blob();
    try {
      there.put(Content.of(layer), limited.requireBlob(model.repository(), blob));
    } catch (MalformedImageException e) {
      throw new UnusableLayerException(
          model
              + ": the layer "
              + blob.digest()
              + ", the file "
              + Printable.quote(layer.name())
              + ", "
              + e.getMessage());
    }
  }

  private static IOException failure(Throwable cause) {
    if (cause instanceof IOException failed) {
      return failed;
    }
    if (cause instanceof RuntimeException defect) {
      throw defect;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return new IOException(cause);
  }
}
