import './styles/tokens.css';
import './styles/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { listen } from './frame/router.svelte';
import { keepInStep } from './frame/session.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('the page has no place for the window');
listen();
keepInStep();
mount(App, { target });
