package dev.modelsigning.cli.listen;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.modelsigning.testing.Watching;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServerThreadsTest {

  /** Of this JDK: names of threads are nothing that it promises. */
  @Test
  void noticesThatAThreadHasEnded() throws Exception {
    ServerThreads threads = new ServerThreads();
    HttpServer server =
        threads.watch(
            () -> HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    int timers = threads.count();
    threads.watch(() -> {
      server.start();
      return server;
    });

    assertThat(timers).isPositive();
    assertThat(threads.count()).isGreaterThan(timers);
    assertThat(threads.areAlive()).isTrue();

    server.stop(0);
    Watching.until("they end", () -> !threads.areAlive());
  }
}
