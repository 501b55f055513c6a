package io.github.clusterboot.server.netty;

import java.util.Set;

import io.github.clusterboot.worker.ListenerNames;
import io.github.clusterboot.worker.MasterLink;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.http.client.ReactorResourceFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ClusterNettyCustomizer}.
 */
class ClusterNettyCustomizerTests {

	/**
	 * Fault A2.
	 */
	@ParameterizedTest
	@CsvSource({ "0, true", "-1, false" })
	void customizeTakesConnectionsOfTheMasterUnlessThePortIsNegative(int port, boolean expected) {
		StaticListableBeanFactory beans = new StaticListableBeanFactory();
		beans.addBean("link", mock(MasterLink.class));
		NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory(port);
		new ClusterNettyCustomizer(beans.getBeanProvider(MasterLink.class),
				beans.getBeanProvider(ReactorResourceFactory.class), new ListenerNames("server", Set.of()))
			.customize(factory);
		assertThat(factory).extracting("resourceFactory")
			.matches((resources) -> resources instanceof ClusterResourceFactory == expected);
		assertThat(factory.getServerCustomizers()).hasSize(expected ? 1 : 0);
	}

}
