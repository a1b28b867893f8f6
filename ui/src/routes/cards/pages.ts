// Read together when the first of them is shown.
export { default as AddCard } from './AddCard.svelte';
export { default as Card } from './Card.svelte';
export { default as Cards } from './Cards.svelte';
export { default as CheckCard } from './CheckCard.svelte';
export { default as RemovedCards } from './RemovedCards.svelte';
export { default as ShowCard } from './ShowCard.svelte';
